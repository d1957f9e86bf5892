// A linear layer and its activation as one node of the autograd graph.
#pragma once

#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "models/kernels/fusible_activation.h"

namespace autoencoder {

/// Whether fused_linear takes these: a layer with bias, input N x ... x F of the layer's F.
bool takes_fused_linear(const torch::nn::LinearImpl& layer, const torch::Tensor& input);

/// activation(input W^T + b): N x ... x the layer's outputs. Float32 on the CPU; with Bfloat16Products the
/// input may be of bfloat16, too.
torch::Tensor fused_linear(const torch::nn::LinearImpl& layer, const Finish& finish,
                           const torch::Tensor& input);

}  // namespace autoencoder
