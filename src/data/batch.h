// What a model learns from in one step.
#pragma once

#include <torch/types.h>

namespace autoencoder {

/// What a training step is given. All N x C x H x W in [0, 1], on the model's device.
struct Batch {
  torch::Tensor input;   ///< what the encoder sees; may be corrupted
  torch::Tensor target;  ///< what is to be reconstructed; clean
  torch::Tensor label;   ///< N, int64; undefined where the data has none
};

}  // namespace autoencoder
