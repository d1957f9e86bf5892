// Layers and their activations as single nodes of the autograd graph: the dozen operations that LibTorch
// makes of them cost more time than a small layer itself, and its convolutions less than half of a
// processor's speed. On the CPU, in float32.
#pragma once

#include <torch/nn/modules/container/sequential.h>
#include <torch/types.h>

namespace autoencoder {

/// layers->forward(input). In float32 on the CPU each Conv2d and ConvTranspose2d (of square kernels; of a
/// single image only where gradients are wanted) and, where gradients are wanted, each Linear is one node
/// with a ReLU, Tanh or Sigmoid that follows it; second derivatives are those of the layers themselves.
torch::Tensor forward_fused(torch::nn::Sequential& layers, const torch::Tensor& input);

}  // namespace autoencoder
