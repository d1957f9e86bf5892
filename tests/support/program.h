// The built program, called as a user calls it.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace autoencoder::testing {

/// What a finished call left.
struct ProgramResult {
  int status = -1;  ///< exit status
  std::string out;
  std::string error;
};

/// A call of the program in `folder`. Output goes to files in it, so that a running call can be watched.
class ProgramCall {
 public:
  ProgramCall(const std::filesystem::path& folder, const std::vector<std::string>& words);

  void send(int signal) const;
  std::string out_so_far() const;
  bool has_ended() const;
  ProgramResult wait();

 private:
  std::filesystem::path out_path_;
  std::filesystem::path error_path_;
  pid_t process_;
};

ProgramResult run_program(const std::filesystem::path& folder, const std::vector<std::string>& words);

}  // namespace autoencoder::testing
