#include "models/kernels/bfloat16.h"

#include <torch/csrc/autograd/grad_mode.h>

namespace autoencoder {
namespace {

thread_local const Bfloat16Weights* current = nullptr;

}  // namespace

void Bfloat16Weights::refresh(const std::vector<torch::Tensor>& parameters) {
  const torch::NoGradGuard no_grad;
  for (const torch::Tensor& parameter : parameters) {
    if (parameter.dim() < 2) {
      continue;
    }
    torch::Tensor& copy = copies_[parameter.unsafeGetTensorImpl()];
    if (copy.defined() && copy.use_count() == 1) {
      copy.copy_(parameter);
    } else {
      copy = parameter.to(torch::kBFloat16);  // what still uses the former one keeps it
    }
  }
}

torch::Tensor Bfloat16Weights::of(const torch::Tensor& weight) const {
  const auto found = copies_.find(weight.unsafeGetTensorImpl());
  return found == copies_.end() ? weight.to(torch::kBFloat16) : found->second;
}

Bfloat16Products::Bfloat16Products(const Bfloat16Weights* weights) : outer_(current) {
  current = weights == nullptr ? current : weights;
}

Bfloat16Products::~Bfloat16Products() { current = outer_; }

bool Bfloat16Products::are_on() { return current != nullptr; }

torch::Tensor Bfloat16Products::factor(const torch::Tensor& input) {
  return are_on() ? input.to(torch::kBFloat16) : input;
}

torch::Tensor Bfloat16Products::weight(const torch::Tensor& weight) {
  return are_on() ? current->of(weight) : weight;
}

}  // namespace autoencoder
