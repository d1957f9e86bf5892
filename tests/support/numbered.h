// Examples that tell which they are.
#pragma once

#include <torch/types.h>

#include "data/dataset.h"

namespace autoencoder::testing {

/// `count` grey pictures of 8x8, each of one value and with it as its label: first, first + 1 ...
inline Dataset numbered(int64_t count, int64_t first = 0) {
  const torch::Tensor numbers = torch::arange(first, first + count);
  return {numbers.to(torch::kUInt8).view({-1, 1, 1, 1}).expand({-1, 1, 8, 8}).contiguous(), numbers, {}};
}

}  // namespace autoencoder::testing
