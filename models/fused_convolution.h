// Convolutions and their activations as matrix products of patches, and as one node of the autograd graph.
// Images lie in memory channels last.
#pragma once

#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include "models/fusible_activation.h"

namespace autoencoder {

/// Whether fused_convolution takes a layer: a square kernel, the same stride and padding down and across,
/// zeros beyond the edge, neither groups nor dilation, a bias.
bool takes_fused_convolution(const torch::nn::Conv2dImpl& layer);
bool takes_fused_convolution(const torch::nn::ConvTranspose2dImpl& layer);

/// activation(layer(input)). input: N x C x H x W, float32, on the CPU. Throws c10::Error where C is not the
/// layer's, or the image smaller than its kernel.
torch::Tensor fused_convolution(const torch::nn::Conv2dImpl& layer, FusibleActivation activation,
                                const torch::Tensor& input);
torch::Tensor fused_convolution(const torch::nn::ConvTranspose2dImpl& layer, FusibleActivation activation,
                                const torch::Tensor& input);

}  // namespace autoencoder
