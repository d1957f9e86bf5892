// A file's bytes, unpacked where they are gzip.
#pragma once

#include <cstdint>
#include <filesystem>

struct gzFile_s;

namespace autoencoder {

inline constexpr const char* kGetItAgain = "the file is damaged or cut short, get it again";

/// Read from first to last. Whether it is gzip is told by its first bytes, not by its name.
class GzipFile {
 public:
  /// Throws Error where it cannot be opened.
  explicit GzipFile(std::filesystem::path path);
  ~GzipFile();
  GzipFile(const GzipFile&) = delete;
  GzipFile& operator=(const GzipFile&) = delete;

  /// Reads up to `size` bytes; fewer only at the end of the file. Throws Error on gzip data that is damaged.
  uint64_t read(void* destination, uint64_t size);

  /// The most bytes that the file can hold, unpacked.
  uint64_t largest_size() const;

  const std::filesystem::path& path() const { return path_; }

 private:
  void check_stream() const;

  std::filesystem::path path_;
  gzFile_s* file_;
};

}  // namespace autoencoder
