#include "common/files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTemporaryPrefix = ".autoencoder-";
constexpr const char* kTemporaryEnding = ".tmp";

Error failure(const fs::path& path, const char* action, int code) {
  return Error(fmt::format("{}: cannot {}: {}", path.string(), action, std::strerror(code)));
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// Nobody can guess it, so that nobody can lay a link there.
fs::path temporary_in(const fs::path& folder) {
  std::random_device random;
  const uint64_t number = (uint64_t{random()} << 32) | random();
  return folder / fmt::format("{}{:016x}{}", kTemporaryPrefix, number, kTemporaryEnding);
}

// Whoever makes a temporary file holds a lock on it, which ends with the process.
void remove_if_dead(const fs::path& temporary) {
  const int descriptor = ::open(temporary.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) {
    return;
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
    ::unlink(temporary.c_str());
  }
  ::close(descriptor);
}

// Looking once is enough: what dies later is for the next process.
void clear_dead_temporaries_once(const fs::path& folder) {
  static std::mutex mutex;
  static std::set<fs::path> cleared;
  const std::lock_guard<std::mutex> lock(mutex);
  if (cleared.insert(folder).second) {
    clear_dead_temporaries(folder);
  }
}

// A file that is written anew stays as closed to others as it was.
void take_permissions(int descriptor, const fs::path& old) {
  struct stat status {};
  if (::stat(old.c_str(), &status) == 0 && ::fchmod(descriptor, status.st_mode & 07777) != 0) {
    throw failure(old, "write", errno);
  }
}

// The name in the folder is data of the folder's own.
void flush_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    ::fsync(descriptor);  // some file systems cannot, and then need not
    ::close(descriptor);
  }
}

}  // namespace

NewFile::NewFile(fs::path path, Durability durability) : path_(std::move(path)), durability_(durability) {
  std::error_code ignored;  // opening the file tells
  fs::create_directories(folder_of(path_), ignored);
  if (fs::exists(path_, ignored) && !fs::is_regular_file(path_, ignored)) {
    throw Error(fmt::format("{}: cannot write: it is there already and is no file", path_.string()));
  }
  clear_dead_temporaries_once(folder_of(path_));
  create();
}

// Until it is locked another process may take the file for a dead one's, and remove it.
void NewFile::create() {
  struct stat status {};
  do {
    close();
    temporary_ = temporary_in(folder_of(path_));
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
      throw failure(path_, "write", errno);
    }
    ::flock(descriptor_, LOCK_EX);
  } while (::fstat(descriptor_, &status) == 0 && status.st_nlink == 0);
}

NewFile::~NewFile() {
  if (descriptor_ >= 0) {
    std::error_code ignored;
    fs::remove(temporary_, ignored);
    close();
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
  take_permissions(descriptor_, path_);
  const bool is_durable = durability_ == Durability::kSurvivesPowerLoss;
  if (is_durable && ::fsync(descriptor_) != 0) {
    throw failure(path_, "write", errno);
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw failure(path_, "write", errno);
  }
  close();
  if (is_durable) {
    flush_folder(folder_of(path_));
  }
}

void NewFile::close() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
}

void write_file(const fs::path& path, std::string_view bytes, Durability durability) {
  NewFile file(path, durability);
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

void clear_dead_temporaries(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (is_temporary(entry.path())) {
      remove_if_dead(entry.path());
    }
  }
}

bool is_temporary(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with(kTemporaryPrefix) && name.ends_with(kTemporaryEnding);
}

fs::path tidied(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  return normal.has_filename() || !normal.has_parent_path() ? normal : normal.parent_path();
}

}  // namespace autoencoder
