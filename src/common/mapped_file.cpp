#include "common/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  bool is_read = descriptor >= 0 && ::fstat(descriptor, &status) == 0;
  if (is_read && status.st_size > 0) {  // nothing cannot be mapped
    size_ = static_cast<size_t>(status.st_size);
    memory_ = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, descriptor, 0);
    is_read = memory_ != MAP_FAILED;
  }
  const int code = errno;
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  if (!is_read) {
    throw Error(fmt::format("{}: cannot read: {}", path.string(), std::strerror(code)));
  }
}

MappedFile::~MappedFile() {
  if (memory_ != nullptr) {
    ::munmap(memory_, size_);
  }
}

}  // namespace autoencoder
