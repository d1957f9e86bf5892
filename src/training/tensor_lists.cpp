#include "training/tensor_lists.h"

#include <torch/types.h>

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

}  // namespace autoencoder
