#include "common/log.h"

#include <fstream>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {

void Log::say(std::string_view lines, const Json& facts) {
  if (listener_) {
    listener_(lines, facts);
  }
  if (path_.empty()) {
    before_file_.append(lines).push_back('\n');
  } else {
    append(fmt::format("{}\n", lines));
  }
}

void Log::open_file(const std::filesystem::path& path) {
  path_ = path;
  append(before_file_);
  before_file_.clear();
}

void Log::append(std::string_view lines) {
  std::ofstream file(path_, std::ios::app | std::ios::binary);
  if (!(file << lines << std::flush)) {
    throw Error(fmt::format("{}: cannot write the log; is the disk full?", path_.string()));
  }
}

}  // namespace autoencoder
