// The text of a table, whatever it was packed and written as.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "data/formats/gzip_file.h"

namespace autoencoder {

/// A table's bytes from first to last: unpacked where they are gzip, UTF-8 where they were UTF-16 (told by
/// its byte order mark, or by zeros beside its first two letters), without a byte order mark. Halves of
/// surrogate pairs that stand alone become U+FFFD.
class CsvText {
 public:
  /// Throws Error where the file cannot be read.
  explicit CsvText(const std::filesystem::path& path);

  /// Reads up to `size` bytes, `size` at least kSmallestRead; 0 only at the end. Throws Error on gzip data
  /// that is damaged.
  uint64_t read(char* destination, uint64_t size);

  static constexpr uint64_t kSmallestRead = 64;

 private:
  enum class Encoding { kBytes, kUtf16Little, kUtf16Big };

  void find_encoding();
  uint64_t read_bytes(char* destination, uint64_t size);
  uint64_t read_utf16(char* destination, uint64_t size);
  char* put_unit(uint32_t unit, char* at);

  GzipFile file_;
  Encoding encoding_ = Encoding::kBytes;
  std::vector<char> start_;      // bytes that were read to find the encoding, and are yet to be given
  uint32_t high_surrogate_ = 0;  // of a pair whose other half is yet to be read
};

}  // namespace autoencoder
