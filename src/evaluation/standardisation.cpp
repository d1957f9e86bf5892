#include "evaluation/standardisation.h"

#include <limits>

#include <torch/types.h>

namespace autoencoder {

Standardisation fit_standardisation(const torch::Tensor& features) {
  const torch::Tensor deviation = features.std(0, /*unbiased=*/false);
  // What rounding leaves of a constant feature must not be blown up to unit variance.
  const torch::Tensor is_constant = deviation <= 10 * precision_of(features) * features.abs().amax(0);
  return {features.mean(0), deviation.masked_fill(is_constant, 1)};
}

double precision_of(const torch::Tensor& features) {
  return features.scalar_type() == torch::kFloat64 ? std::numeric_limits<double>::epsilon()
                                                   : std::numeric_limits<float>::epsilon();
}

}  // namespace autoencoder
