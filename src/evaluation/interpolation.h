// Codes between and around those of examples.
#pragma once

#include <cstdint>

#include <torch/types.h>

namespace autoencoder {

/// `steps` codes from one to another (each D), both included, at equal distances on a straight line:
/// steps x D. steps > 1.
torch::Tensor linear_interpolation(const torch::Tensor& from, const torch::Tensor& to, int64_t steps);

/// The same along a great circle, with the length going over from one to the other (Shoemake 1985; for codes
/// White 2016): high-dimensional normal codes lie near a sphere, which a straight line leaves.
torch::Tensor spherical_interpolation(const torch::Tensor& from, const torch::Tensor& to, int64_t steps);

/// `code` (D) with dimension `dimension` set to `steps` values from `low` to `high`: steps x D.
torch::Tensor traversal(const torch::Tensor& code, int64_t dimension, double low, double high, int64_t steps);

/// All codes of a size x size lattice between low and high (both of 2 numbers), row by row from the upper
/// left: the first number grows to the right, the second upwards. size * size x 2.
torch::Tensor lattice(const torch::Tensor& low, const torch::Tensor& high, int64_t size);

}  // namespace autoencoder
