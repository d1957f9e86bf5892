// This program, started again beside itself.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace autoencoder {

/// How a process is started.
struct ChildCall {
  std::vector<std::string> words;                       ///< of the command line, without the program's name
  std::map<std::string, std::string> environment = {};  ///< variables set, in place of those that are there
  std::vector<std::string> hidden_variables = {};       ///< those that begin so are taken out before
  std::filesystem::path output = {};                    ///< what it prints is appended there; empty: as here
};

/// A process of this program under way. It ends with this object, and with this process. What the terminal
/// sends does not reach it.
class ChildProcess {
 public:
  /// Throws Error where the system does not start it.
  explicit ChildProcess(const ChildCall& call);
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void send(int signal) const;

  /// Its exit status once it has ended, 128 + N where signal N ended it; nothing before.
  std::optional<int> status();

 private:
  pid_t process_ = 0;  // 0: moved from
  std::optional<int> status_;
};

/// The words that this process was called with, without the program's name.
std::vector<std::string> own_words();

}  // namespace autoencoder
