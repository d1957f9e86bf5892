// Principal component analysis (Hotelling 1933): the best linear code there is, which others are held
// against.
#pragma once

#include <cstdint>

#include <torch/types.h>

#include "data/examples.h"

namespace autoencoder {

/// The directions in which data vary most. float64.
struct PrincipalComponents {
  torch::Tensor mean;  ///< F
  torch::Tensor axes;  ///< F x D, orthonormal, of descending variance; the largest entry of each is positive
  torch::Tensor variances;    ///< D, of the data along each axis (divided by N - 1)
  double total_variance = 0;  ///< along all F axes: variances.sum() / total_variance is what D axes explain

  /// Codes of examples: N x F -> N x D, of the examples' type.
  torch::Tensor project(const torch::Tensor& examples) const;

  /// Nearest examples with these codes: N x D -> N x F, of the codes' type.
  torch::Tensor restore(const torch::Tensor& codes) const;
};

/// The first `count` components of examples (N x F, N > 1); 1 <= count <= F. Takes time in the cube and
/// memory in the square of F, or of N where that is smaller: some seconds and 75 MB for 3,000 features.
PrincipalComponents fit_pca(const torch::Tensor& examples, int64_t count);

/// The same by passes through examples that need not all lie in memory (M x F at a time, on any device).
PrincipalComponents fit_pca(const Pass& examples, int64_t count);

}  // namespace autoencoder
