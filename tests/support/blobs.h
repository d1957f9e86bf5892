// Small data with something to learn in it.
#pragma once

#include <torch/types.h>

#include "data/dataset.h"

namespace autoencoder::testing {

/// `count` images of 1 x 12 x 12 bytes, each a bright soft spot on black whose centre is its label (0..3: a
/// corner) moved by a pixel or two. The same for the same seed.
inline Dataset spots(int64_t count, uint64_t seed = 1) {
  torch::manual_seed(seed);
  const torch::Tensor labels = torch::randint(0, 4, {count}, torch::kInt64);
  const torch::Tensor rows = 3 + 5 * labels.div(2, "floor") + torch::rand({count});
  const torch::Tensor columns = 3 + 5 * labels.remainder(2) + torch::rand({count});
  const torch::Tensor grid = torch::arange(12, torch::kFloat32);
  const torch::Tensor down = (grid.view({1, 12, 1}) - rows.view({-1, 1, 1})).square();
  const torch::Tensor right = (grid.view({1, 1, 12}) - columns.view({-1, 1, 1})).square();
  const torch::Tensor images = 255 * torch::exp(-(down + right) / 6);
  return {images.to(torch::kUInt8).unsqueeze(1), labels, {}};
}

}  // namespace autoencoder::testing
