// Features in units of their own spread, so that none counts for more because its unit is small.
#pragma once

#include <torch/types.h>

namespace autoencoder {

/// What takes features to mean 0 and standard deviation 1.
struct Standardisation {
  torch::Tensor mean;       ///< F
  torch::Tensor deviation;  ///< F; 1 where a feature is constant, but for rounding

  /// features: N x F -> N x F.
  torch::Tensor apply(const torch::Tensor& features) const { return (features - mean).div_(deviation); }
};

/// features: N x F, floating point.
Standardisation fit_standardisation(const torch::Tensor& features);

/// The spacing of numbers around 1 in the tensor's type, float64 or float32.
double precision_of(const torch::Tensor& features);

}  // namespace autoencoder
