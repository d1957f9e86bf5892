// Group normalisation (Wu & He 2018) and the activation that follows it as one node of the autograd graph, of
// images that lie in memory channels last, as fused convolutions leave them.
#pragma once

#include <torch/nn/modules/normalization.h>
#include <torch/types.h>

#include "models/kernels/fusible_activation.h"

namespace autoencoder {

/// Whether fused_normalisation takes these: a layer with weights, and images of more than 256 pixels. Of
/// smaller ones there is nothing to gain.
bool takes_fused_normalisation(const torch::nn::GroupNormImpl& layer, const torch::Tensor& input);

/// activation(layer(input)), N x C x H x W; float32, on the CPU.
torch::Tensor fused_normalisation(const torch::nn::GroupNormImpl& layer, FusibleActivation activation,
                                  const torch::Tensor& input);

}  // namespace autoencoder
