// What a classifier sees of examples: the features that a model has learned, or the pixels themselves.
#pragma once

#include <torch/types.h>

#include "data/dataset.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// model.features of all examples, N x F, on the CPU. The model must be in evaluation mode; works on its
/// device.
torch::Tensor all_features(Autoencoder& model, const Dataset& data);

/// All examples as they are, N x C*H*W float32, on the CPU; bytes are in [0, 1].
torch::Tensor all_pixels(const Dataset& data);

}  // namespace autoencoder
