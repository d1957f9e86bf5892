// Bytes in memory that whoever reads files can read.
#pragma once

#include <filesystem>
#include <string_view>

namespace autoencoder {

/// A file that lies in memory alone, and is gone with this object.
class MemoryFile {
 public:
  /// Throws Error where the system has no room for it.
  explicit MemoryFile(std::string_view bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  /// Names it as long as this object lives.
  std::filesystem::path path() const;

 private:
  int descriptor_;
};

}  // namespace autoencoder
