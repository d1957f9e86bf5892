// What the program says while it works: lines on standard output and, once there is a run, in its log.txt.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace autoencoder {

/// A line-by-line record. Not thread-safe: one log belongs to one command.
class Log {
 public:
  enum class Console { kShown, kQuiet };

  explicit Log(Console console = Console::kShown) : console_(console) {}

  /// Prints one or more lines (a newline is added at the end), and appends them to the file.
  void say(std::string_view lines);

  /// Lines said from now on, and those said already, go to `path` too (appended to what is there).
  void open_file(const std::filesystem::path& path);

  bool quiet() const { return console_ == Console::kQuiet; }

 private:
  void append(std::string_view lines);

  Console console_;
  std::filesystem::path path_;
  std::string before_file_;
};

}  // namespace autoencoder
