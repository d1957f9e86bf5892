// Lists of tensors that belong to parameters: gathered for fused kernels, kept in archives.
#pragma once

#include <string>
#include <vector>

#include <torch/serialize/archive.h>
#include <torch/types.h>

namespace autoencoder {

/// The gradient of each parameter; each must have one.
std::vector<torch::Tensor> gradients_of(const std::vector<torch::Tensor>& parameters);

void write_tensors(torch::serialize::OutputArchive& archive, const std::string& name,
                   const std::vector<torch::Tensor>& tensors);

/// Copies into the tensors that are there, whose shapes must be those written.
void read_tensors(torch::serialize::InputArchive& archive, const std::string& name,
                  const std::vector<torch::Tensor>& tensors);

}  // namespace autoencoder
