// Codes <-> whole numbers.
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "models/autoencoder.h"

namespace autoencoder {

/// Step sizes are powers of 2^(1/8), kept as one byte each: byte b stands for 2^(b/8 - 24).
torch::Tensor steps_to_bytes(const torch::Tensor& steps);  ///< D float64 -> D uint8, the nearest
torch::Tensor bytes_to_steps(const torch::Tensor& bytes);  ///< D uint8 -> D float64

/// The largest whole number that a code may become, and with a minus the smallest.
inline constexpr int32_t kLargestSymbol = 1 << 24;

/// codes: N x D -> N x D int32, round(code / step). Numbers that are out of range are clipped.
torch::Tensor quantize(const torch::Tensor& codes, const torch::Tensor& steps);
torch::Tensor dequantize(const torch::Tensor& symbols, const torch::Tensor& steps);  ///< N x D float64

/// How much one unit of each number of a code moves the picture: the sum over pixels of the squared
/// derivative of the decoder, mean over `codes` (N x D); D float64. Estimated with random signs (Hutchinson
/// 1989).
torch::Tensor decoder_gains(Autoencoder& model, const torch::Tensor& codes, at::Generator rng);

/// The step sizes with which rounding adds `added_mse` to the mean squared error of a pixel, divided evenly
/// over the code: each number's share is gain * step^2 / 12 (uniform noise; Gersho & Gray 1992, section 5.6).
/// Numbers that move nothing get the coarsest step.
torch::Tensor step_sizes(const torch::Tensor& gains, double added_mse, int64_t pixels);

}  // namespace autoencoder
