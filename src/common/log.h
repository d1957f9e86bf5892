// What is said while work goes on: lines to whoever listens and, once there is a run, in its log.txt.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "common/json.h"

namespace autoencoder {

/// A line-by-line record. Not thread-safe: one log belongs to one task.
class Log {
 public:
  /// Hears one or more lines, without the newline at the end, and what they tell by name, for machines: an
  /// object, empty where they are for people alone.
  using Listener = std::function<void(std::string_view lines, const Json& facts)>;

  explicit Log(Listener listener = nullptr) : listener_(std::move(listener)) {}

  /// Tells the listener one or more lines, and appends them to the file.
  void say(std::string_view lines, const Json& facts = Json::object());

  /// Lines said from now on, and those said already, go to `path` too (appended to what is there).
  void open_file(const std::filesystem::path& path);

 private:
  void append(std::string_view lines);

  Listener listener_;
  std::filesystem::path path_;
  std::string before_file_;
};

}  // namespace autoencoder
