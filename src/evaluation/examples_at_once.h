// How much a trained model is given at a time.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/image_shape.h"

namespace autoencoder {

/// No more examples of a shape than a batch of training has, so that what comes after it takes no more memory
/// than it did: of a thousand a transformer's layers take a gigabyte, and are no faster. Of large pictures
/// fewer.
inline int64_t examples_at_once(const ImageShape& shape) {
  constexpr int64_t kMost = 64;
  constexpr int64_t kMostNumbers = 1 << 22;  // what layers make of them is many times as much
  return std::clamp<int64_t>(kMostNumbers / shape.size(), 1, kMost);
}

}  // namespace autoencoder
