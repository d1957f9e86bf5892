// Convolutions and their activations as matrix products of patches, and as one node of the autograd graph.
// Images lie in memory channels last.
#pragma once

#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include "models/kernels/fusible_activation.h"

namespace autoencoder {

/// Whether fused_convolution takes a layer: a square kernel, the same stride and padding down and across,
/// zeros beyond the edge, neither groups nor dilation, a bias.
bool takes_fused_convolution(const torch::nn::Conv2dImpl& layer);
bool takes_fused_convolution(const torch::nn::ConvTranspose2dImpl& layer);

/// The same, of this input: images of the layer's channels, N x C x H x W, none smaller than the kernel of a
/// Conv2d. What LibTorch's own layer refuses is not taken, so that it says what is wrong.
bool takes_fused_convolution(const torch::nn::Conv2dImpl& layer, const torch::Tensor& input);
bool takes_fused_convolution(const torch::nn::ConvTranspose2dImpl& layer, const torch::Tensor& input);

/// activation(layer(input)) of what takes_fused_convolution takes; float32 on the CPU, or bfloat16 with
/// Bfloat16Products.
torch::Tensor fused_convolution(const torch::nn::Conv2dImpl& layer, const Finish& finish,
                                const torch::Tensor& input);
torch::Tensor fused_convolution(const torch::nn::ConvTranspose2dImpl& layer, const Finish& finish,
                                const torch::Tensor& input);

/// A transposed convolution that doubles height and width: a kernel of 4 x 4, stride 2, padding 1. weight: I
/// x O x 4 x 4, bias: O.
torch::Tensor fused_doubling_convolution(const torch::Tensor& weight, const torch::Tensor& bias,
                                         const Finish& finish, const torch::Tensor& input);

}  // namespace autoencoder
