// How many rows and columns a number of things is best laid out in.
#pragma once

#include <cmath>
#include <cstdint>

namespace autoencoder {

struct RowsAndColumns {
  int64_t rows = 0;
  int64_t columns = 0;
};

/// rows * columns >= count, at least as wide as high. A rectangle that is filled wholly is taken up to 2.5
/// times as wide as high (32 -> 4 x 8); else the last row has gaps (7 -> 2 x 4).
inline RowsAndColumns near_square(int64_t count) {
  const auto root = static_cast<int64_t>(std::sqrt(static_cast<double>(count)));
  for (int64_t rows = root; rows > 0 && count <= rows * rows * 5 / 2; --rows) {
    if (count % rows == 0) return {rows, count / rows};
  }
  return {root, root > 0 ? (count + root - 1) / root : 0};
}

}  // namespace autoencoder
