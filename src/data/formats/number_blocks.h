// Rows of numbers while it is not known how many there will be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace autoencoder {

/// Memory of its own for so many rows at a time, which goes back to the system as soon as they are moved out:
/// at no time are there two copies of more than a block.
class NumberBlocks {
 public:
  explicit NumberBlocks(size_t width);

  /// Where the next row's `width` numbers are to be written.
  float* add_row();

  /// Moves `columns` of all rows to `rows`, row after row.
  void move_to(float* rows, const std::vector<size_t>& columns);

 private:
  struct Unmap {
    size_t bytes;
    void operator()(float* block) const;
  };

  size_t width_;
  size_t rows_of_block_;
  size_t rows_of_last_;
  std::deque<std::unique_ptr<float, Unmap>> blocks_;
};

}  // namespace autoencoder
