// Normal noise that codes are made of.
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/types.h>

namespace autoencoder {

/// How noise is drawn.
struct NoiseShape {
  double temperature = 1;  ///< standard deviation; less than 1 gives what is more usual
  double truncation = 0;   ///< no number is larger than that, before the temperature; 0: any may come
};

/// Normal noise, count x D, drawn on the CPU, so that one seed gives the same everywhere.
torch::Tensor draw_noise(int64_t count, int64_t dimensions, const NoiseShape& shape, at::Generator rng);

}  // namespace autoencoder
