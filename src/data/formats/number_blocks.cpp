#include "data/formats/number_blocks.h"

#include <algorithm>
#include <new>
#include <sys/mman.h>

namespace autoencoder {
namespace {

constexpr size_t kBytesOfBlock = size_t{1} << 23;

}  // namespace

void NumberBlocks::Unmap::operator()(float* block) const { ::munmap(block, bytes); }

NumberBlocks::NumberBlocks(size_t width)
    : width_(width),
      rows_of_block_(std::max<size_t>(1, kBytesOfBlock / (sizeof(float) * std::max<size_t>(1, width)))),
      rows_of_last_(rows_of_block_) {}

float* NumberBlocks::add_row() {
  if (rows_of_last_ == rows_of_block_) {
    const size_t bytes = std::max<size_t>(1, rows_of_block_ * width_) * sizeof(float);
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      throw std::bad_alloc();
    }
    blocks_.emplace_back(static_cast<float*>(memory), Unmap{bytes});
    rows_of_last_ = 0;
  }
  return blocks_.back().get() + width_ * rows_of_last_++;
}

void NumberBlocks::move_to(float* rows, const std::vector<size_t>& columns) {
  for (; !blocks_.empty(); blocks_.pop_front()) {
    const size_t count = blocks_.size() == 1 ? rows_of_last_ : rows_of_block_;
    const float* row = blocks_.front().get();
    for (size_t i = 0; i < count; ++i, row += width_) {
      for (const size_t column : columns) {
        *rows++ = row[column];
      }
    }
  }
  rows_of_last_ = rows_of_block_;
}

}  // namespace autoencoder
