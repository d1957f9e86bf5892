#include "training/tensor_lists.h"

#include <torch/torch.h>

namespace autoencoder {

std::vector<torch::Tensor> gradients_of(const std::vector<torch::Tensor>& parameters) {
  std::vector<torch::Tensor> gradients;
  gradients.reserve(parameters.size());
  for (const torch::Tensor& parameter : parameters) {
    gradients.push_back(parameter.grad());
  }
  return gradients;
}

void clip_norm(const std::vector<torch::Tensor>& gradients, double largest) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor norm = torch::stack(at::_foreach_norm(gradients)).norm();
  at::_foreach_mul_(gradients, (largest / (norm + 1e-6)).clamp_max(1));
}

void write_tensors(torch::serialize::OutputArchive& archive, const std::string& name,
                   const std::vector<torch::Tensor>& tensors) {
  for (size_t i = 0; i < tensors.size(); ++i) {
    archive.write(name + std::to_string(i), tensors[i], /*is_buffer=*/true);
  }
}

void read_tensors(torch::serialize::InputArchive& archive, const std::string& name,
                  const std::vector<torch::Tensor>& tensors) {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < tensors.size(); ++i) {
    torch::Tensor saved;
    archive.read(name + std::to_string(i), saved, /*is_buffer=*/true);
    TORCH_CHECK(saved.sizes() == tensors[i].sizes(), name, i, " has other sizes");
    tensors[i].copy_(saved);
  }
}

}  // namespace autoencoder
