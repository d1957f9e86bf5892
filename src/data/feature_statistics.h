// What is known of each feature of examples after a pass through them.
#pragma once

#include <torch/types.h>

#include "data/examples.h"

namespace autoencoder {

/// Smallest and largest value of each feature, in the examples' type and the shape of one, on the CPU.
struct FeatureRange {
  torch::Tensor min;
  torch::Tensor max;
};

FeatureRange range_of(const Pass& examples);

/// Of each feature, float64, in the shape of one example, on the CPU.
torch::Tensor mean_of(const Pass& examples);

/// The same, of deviations from `mean`, divided by the number of examples.
torch::Tensor standard_deviation_of(const Pass& examples, const torch::Tensor& mean);

}  // namespace autoencoder
