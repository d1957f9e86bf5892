#include "common/memory_file.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "common/error.h"

namespace autoencoder {

MemoryFile::MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("autoencoder", MFD_CLOEXEC)) {
  while (descriptor_ >= 0 && !bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      break;
    }
    bytes.remove_prefix(static_cast<size_t>(written > 0 ? written : 0));
  }
  if (descriptor_ < 0 || !bytes.empty()) {
    const std::string why = std::strerror(errno);
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
    throw Error("no room in memory for a file: " + why);
  }
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

std::filesystem::path MemoryFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

}  // namespace autoencoder
