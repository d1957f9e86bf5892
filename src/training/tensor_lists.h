// Lists of tensors that belong to parameters, gathered for fused kernels.
#pragma once

#include <vector>

#include <torch/types.h>

namespace autoencoder {

/// The gradient of each parameter; each must have one.
std::vector<torch::Tensor> gradients_of(const std::vector<torch::Tensor>& parameters);

/// Scales gradients down together until their common norm is at most `largest` (Pascanu et al. 2013,
/// algorithm 1); as torch.nn.utils.clip_grad_norm_, but without waiting for the device.
void clip_norm(const std::vector<torch::Tensor>& gradients, double largest);

}  // namespace autoencoder
