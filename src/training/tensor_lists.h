// Lists of tensors that belong to parameters: gathered for fused kernels, kept in archives.
#pragma once

#include <string>
#include <vector>

#include <torch/serialize/archive.h>
#include <torch/types.h>

namespace autoencoder {

/// The gradient of each parameter; each must have one.
std::vector<torch::Tensor> gradients_of(const std::vector<torch::Tensor>& parameters);

/// Scales gradients down together until their common norm is at most `largest` (Pascanu et al. 2013,
/// algorithm 1); as torch.nn.utils.clip_grad_norm_, but without waiting for the device.
void clip_norm(const std::vector<torch::Tensor>& gradients, double largest);

void write_tensors(torch::serialize::OutputArchive& archive, const std::string& name,
                   const std::vector<torch::Tensor>& tensors);

/// Copies into the tensors that are there, whose shapes must be those written.
void read_tensors(torch::serialize::InputArchive& archive, const std::string& name,
                  const std::vector<torch::Tensor>& tensors);

}  // namespace autoencoder
