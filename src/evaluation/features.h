// What a classifier sees of examples: the features that a model has learned, or the pixels themselves.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

#include "data/dataset.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// model.features of all examples, N x F, on the CPU. The model must be in evaluation mode; works on its
/// device.
torch::Tensor all_features(Autoencoder& model, const Dataset& data);

/// All examples as they are, N x C*H*W float32, on the CPU; bytes are in [0, 1].
torch::Tensor all_numbers(const Dataset& data);

/// One kind of features, of the examples that are learned from (N x F) and of those that are tested (M x F).
struct ProbeFeatures {
  std::string name;
  torch::Tensor train;
  torch::Tensor test;
};

/// "codes", "pixels" (of tables "columns", in the model's scale, with the mean in holes) and, unless those
/// are more than kMostPcaPixels, their "PCA" with as many components as the code has numbers, kMostComponents
/// at most.
std::vector<ProbeFeatures> compared_features(Autoencoder& model, const Dataset& train, const Dataset& test);

inline constexpr int64_t kMostComponents = 64;
inline constexpr int64_t kMostPcaPixels = 4096;  ///< PCA takes time in the cube of their number

}  // namespace autoencoder
