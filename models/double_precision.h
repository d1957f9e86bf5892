// Computing in float64, for those who must know a model's results to the last digit of float32.
#pragma once

#include <utility>
#include <vector>

#include <torch/types.h>

#include "models/autoencoder.h"

namespace autoencoder {

/// While it lives, the model's parameters and buffers of floating-point numbers are float64; afterwards those
/// that were there before are back, on the device where they were.
class DoublePrecision {
 public:
  explicit DoublePrecision(const Autoencoder& model);
  ~DoublePrecision();
  DoublePrecision(const DoublePrecision&) = delete;
  DoublePrecision& operator=(const DoublePrecision&) = delete;

 private:
  std::vector<std::pair<torch::Tensor, torch::Tensor>> originals_;
};

}  // namespace autoencoder
