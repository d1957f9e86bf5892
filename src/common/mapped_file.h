// A file as memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

namespace autoencoder {

/// The bytes of a file, read as they are touched. What is written to them stays this program's own. The file
/// must not be made shorter meanwhile; files that are replaced whole (write_file) never are.
class MappedFile {
 public:
  /// Throws Error where the file cannot be read.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  char* data() const { return static_cast<char*>(memory_); }
  size_t size() const { return size_; }

 private:
  void* memory_ = nullptr;
  size_t size_ = 0;
};

}  // namespace autoencoder
