// What a model learns from in one step.
#pragma once

#include <cstdint>

#include <torch/types.h>

namespace autoencoder {

/// What a training step is given. All N x C x H x W in [0, 1], on the model's device.
struct Batch {
  torch::Tensor input;   ///< what the encoder sees; may be corrupted
  torch::Tensor target;  ///< what is to be reconstructed; clean
  torch::Tensor label;   ///< N, int64; undefined where the data has none

  int64_t before = 0;  ///< examples of the same batch that were not read: those before these,
  int64_t behind = 0;  ///< and those behind them; other processes have them

  /// How many examples there are with those that were not read.
  int64_t size() const { return before + input.size(0) + behind; }
};

/// Consecutive examples of a batch.
struct Rows {
  int64_t begin = 0;
  int64_t end = 0;

  int64_t count() const { return end - begin; }
};

}  // namespace autoencoder
