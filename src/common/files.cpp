#include "common/files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

Error failure(const fs::path& path, const char* action, int code) {
  return Error(fmt::format("{}: cannot {}: {}", path.string(), action, std::strerror(code)));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

void write_all(int descriptor, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      throw failure(path, "write", errno);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void write_flushed(const fs::path& path, std::string_view bytes, const fs::path& name_for_messages) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.number() < 0) {
    throw failure(name_for_messages, "write", errno);
  }
  write_all(file.number(), bytes, name_for_messages);
  if (::fsync(file.number()) != 0) {
    throw failure(name_for_messages, "write", errno);
  }
}

}  // namespace

void write_file(const fs::path& path, std::string_view bytes) {
  std::error_code code;
  if (path.has_parent_path()) {
    fs::create_directories(path.parent_path(), code);
  }
  if (fs::exists(path) && !fs::is_regular_file(path)) {
    throw Error(fmt::format("{}: cannot write: it is there already and is no file", path.string()));
  }
  const fs::path temporary = path.string() + fmt::format(".{}.tmp", ::getpid());
  try {
    write_flushed(temporary, bytes, path);
    fs::rename(temporary, path, code);
    if (code) {
      throw failure(path, "write", code.value());
    }
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
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
