// Where the numbers of a data set are put when they are read.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include <torch/types.h>

namespace autoencoder {

/// An uninitialised tensor on the CPU: in memory or, where it is beyond what examples may take there
/// (common/memory.h), on a disk. Examples of it know which. Throws Error where the disk has no room.
torch::Tensor room_for(torch::IntArrayRef sizes, torch::ScalarType type);

/// Counts bytes that are written to such a tensor from anywhere, so that they do not all stay in memory.
class RoomInUse {
 public:
  explicit RoomInUse(torch::Tensor room) : room_(std::move(room)) {}

  /// So many more bytes were written. May be called on several threads.
  void wrote(uint64_t bytes);

 private:
  torch::Tensor room_;
  std::atomic<uint64_t> written_ = 0;
};

}  // namespace autoencoder
