// Codes of a data set, and a distribution fitted to them.
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "data/dataset.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// The codes of all examples, N x D, on the CPU. The model must be in evaluation mode; works on its device.
torch::Tensor encode_all(Autoencoder& model, const Dataset& data);

/// The normal distribution with the mean and covariance of codes.
struct NormalCodes {
  torch::Tensor mean;    ///< D
  torch::Tensor factor;  ///< D x D; factor * factor^T is the covariance
};

/// codes: N x D with N > 1. A covariance of less than full rank is no obstacle.
NormalCodes fit_normal(const torch::Tensor& codes);

/// count x D, on the device of the mean; drawn on the CPU, so that one seed gives the same codes everywhere.
torch::Tensor sample_normal(const NormalCodes& normal, int64_t count, at::Generator rng);

}  // namespace autoencoder
