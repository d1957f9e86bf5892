// What is known of each feature of examples after a pass through them. Holes (NaN) do not count; of a feature
// that has nothing else, nothing is known: NaN.
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

/// The share of each feature that is holes, 0..1, likewise.
torch::Tensor missing_share_of(const Pass& examples);

}  // namespace autoencoder
