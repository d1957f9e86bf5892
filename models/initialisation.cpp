#include "models/initialisation.h"

#include <torch/nn/init.h>

namespace autoencoder {

void initialise(torch::nn::Module& module, const std::function<void(const torch::Tensor& weight)>& draw) {
  const torch::NoGradGuard no_grad;
  for (const auto& parameter : module.named_parameters()) {
    if (parameter->dim() > 1) {
      draw(*parameter);
    } else if (parameter.key().ends_with("bias")) {
      parameter->zero_();
    }
  }
}

void keep_signal(torch::nn::Module& module) {
  initialise(module, [](const torch::Tensor& weight) {
    torch::nn::init::kaiming_uniform_(weight, 0, torch::kFanIn, torch::kReLU);
  });
}

}  // namespace autoencoder
