// Codes as points of the plane.
#pragma once

#include <string>

#include <torch/types.h>

#include "common/options.h"

namespace autoencoder {

struct LatentMap {
  torch::Tensor points;         ///< N x 2
  std::string text;             ///< how it was made, for people
  Json facts = Json::object();  ///< and for machines
};

// All take codes, N x D with N > 1, on the CPU.

/// Codes of one or two numbers. Throws Error where there are more.
LatentMap map_as_it_is(const torch::Tensor& codes);

/// The two directions in which they vary most; codes of one number as they are.
LatentMap map_by_pca(const torch::Tensor& codes);

/// As they are where they have at most two numbers, else by PCA.
LatentMap map_of_codes(const torch::Tensor& codes);

}  // namespace autoencoder
