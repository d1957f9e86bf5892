#include "common/files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

Error failure(const fs::path& path, const char* action, int code) {
  return Error(fmt::format("{}: cannot {}: {}", path.string(), action, std::strerror(code)));
}

}  // namespace

NewFile::NewFile(fs::path path)
    : path_(std::move(path)), temporary_(path_.string() + fmt::format(".{}.tmp", ::getpid())) {
  std::error_code code;
  if (path_.has_parent_path()) {
    fs::create_directories(path_.parent_path(), code);
  }
  if (fs::exists(path_) && !fs::is_regular_file(path_)) {
    throw Error(fmt::format("{}: cannot write: it is there already and is no file", path_.string()));
  }
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    throw failure(path_, "write", errno);
  }
}

NewFile::~NewFile() {
  if (descriptor_ >= 0) {
    close();
    std::error_code ignored;
    fs::remove(temporary_, ignored);
  }
}

void NewFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      throw failure(path_, "write", errno);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void NewFile::commit() {
  if (::fsync(descriptor_) != 0) {
    throw failure(path_, "write", errno);
  }
  std::error_code code;
  fs::rename(temporary_, path_, code);
  if (code) {
    throw failure(path_, "write", code.value());
  }
  close();
}

void NewFile::close() {
  ::close(descriptor_);
  descriptor_ = -1;
}

void write_file(const fs::path& path, std::string_view bytes) {
  NewFile file(path);
  file.append(bytes);
  file.commit();
}

std::ifstream open_file(const fs::path& path) {
  if (fs::is_directory(path)) {
    throw failure(path, "read", EISDIR);
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw failure(path, "read", errno);
  }
  return file;
}

std::string read_file(const fs::path& path) {
  std::ifstream file = open_file(path);
  std::ostringstream contents;
  if (!(contents << file.rdbuf())) {
    // An empty file sets failbit too: nothing was inserted.
    if (file.peek() == std::ifstream::traits_type::eof() && !file.bad()) {
      return "";
    }
    throw failure(path, "read", errno);
  }
  return std::move(contents).str();
}

}  // namespace autoencoder
