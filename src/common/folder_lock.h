// One process at a time in a folder.
#pragma once

#include <filesystem>
#include <utility>

namespace autoencoder {

/// A lock on a folder, which ends with the object or with the process. It leaves nothing on the disk. Where
/// the file system knows no locks, everybody gets one.
class FolderLock {
 public:
  /// Throws Error where another process has it, and where the folder cannot be opened.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace autoencoder
