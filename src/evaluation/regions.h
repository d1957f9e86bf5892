// The connected regions of a mask.
#pragma once

#include <cstdint>

#include <torch/types.h>

namespace autoencoder {

struct Regions {
  torch::Tensor numbers;  ///< H x W, int64: 0 outside, 1 to count in the regions
  int64_t count = 0;
};

/// mask: H x W, uint8 on the CPU; not 0 inside. Pixels that touch at a side or a corner belong together.
Regions connected_regions(const torch::Tensor& mask);

}  // namespace autoencoder
