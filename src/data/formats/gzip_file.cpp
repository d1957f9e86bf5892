#include "data/formats/gzip_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "common/error.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

Error cannot_read(const fs::path& path) {
  return Error(fmt::format("{}: cannot read: {}", path.string(), std::strerror(errno)));
}

}  // namespace

GzipFile::GzipFile(fs::path path) : path_(std::move(path)), file_(::gzopen(path_.c_str(), "rb")) {
  if (file_ == nullptr) {
    throw cannot_read(path_);
  }
  constexpr unsigned kBufferSize = 1 << 18;
  ::gzbuffer(file_, kBufferSize);
}

GzipFile::~GzipFile() { ::gzclose_r(file_); }

uint64_t GzipFile::read(void* destination, uint64_t size) {
  constexpr uint64_t kLargestRequest = 1 << 30;
  uint64_t total = 0;
  while (total < size) {
    const auto request = static_cast<unsigned>(std::min(size - total, kLargestRequest));
    const int got = ::gzread(file_, static_cast<char*>(destination) + total, request);
    check_stream();
    if (got <= 0) {
      break;
    }
    total += static_cast<uint64_t>(got);
  }
  return total;
}

uint64_t GzipFile::largest_size() const {
  constexpr uint64_t kLargestExpansion = 1032;  // of deflate: 258 bytes from 2 bits
  const uint64_t size = fs::file_size(path_);
  return ::gzdirect(file_) != 0 ? size : size * kLargestExpansion;
}

void GzipFile::check_stream() const {
  int code = Z_OK;
  ::gzerror(file_, &code);
  if (code == Z_ERRNO) {
    throw cannot_read(path_);
  }
  if (code == Z_BUF_ERROR) {
    throw Error(fmt::format("{}: truncated gzip data; {}", path_.string(), kGetItAgain));
  }
  if (code != Z_OK && code != Z_STREAM_END) {
    throw Error(fmt::format("{}: corrupt gzip data; {}", path_.string(), kGetItAgain));
  }
}

}  // namespace autoencoder
