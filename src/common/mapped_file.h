// Files as memory: those that are there, and one without a name for what does not fit into memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

namespace autoencoder {

/// Addresses that stand for bytes of a file, until the end of this object.
class Mapping {
 public:
  Mapping() = default;  ///< of nothing
  /// Of all of an open file, which may be closed then.
  Mapping(void* memory, size_t size, int descriptor);
  ~Mapping();
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  char* data() const { return static_cast<char*>(memory_); }
  size_t size() const { return size_; }

 private:
  void* memory_ = nullptr;
  size_t size_ = 0;
  int descriptor_ = -1;
};

/// Whether what lies there is that of a file.
bool is_mapped(const void* address);

/// Copies such bytes from the file itself, so that none of them is taken into this process's memory. Throws
/// Error where the disk fails.
void read_mapped(const void* address, size_t bytes, void* to);

/// Takes such bytes out of this process's memory, where no more of it than these lies in a page: they are
/// read again as they are touched. Leaves all other memory alone.
void forget_mapped(const void* begin, size_t bytes);

/// The bytes of a file, read as they are touched. What is written to them stays this program's own, until
/// they are forgotten. The file must not be made shorter meanwhile; files that are replaced whole
/// (write_file) never are.
class MappedFile {
 public:
  /// Throws Error where the file cannot be read.
  explicit MappedFile(const std::filesystem::path& path);

  char* data() const { return mapping_.data(); }
  size_t size() const { return mapping_.size(); }

 private:
  Mapping mapping_;
};

/// Memory that lies on a disk, in a file without a name: $TMPDIR, or else /var/tmp. What is written to it
/// stays there while it is not looked at.
class ScratchMemory {
 public:
  /// Throws Error where the disk has no room for it.
  explicit ScratchMemory(size_t bytes);

  char* data() const { return mapping_.data(); }
  size_t size() const { return mapping_.size(); }

 private:
  Mapping mapping_;
};

}  // namespace autoencoder
