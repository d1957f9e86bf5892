#include "models/losses.h"

#include <torch/nn/functional.h>

#include "models/activation.h"
#include "models/kernels/sigmoid_errors.h"

namespace autoencoder {

namespace functional = torch::nn::functional;

std::vector<std::string> reconstruction_loss_names() { return {"mse", "bce", "l1", "huber"}; }

torch::Tensor reconstruction_error(const std::string& loss, const torch::Tensor& logits,
                                   const std::string& activation, const torch::Tensor& target) {
  if (loss == "bce") {
    TORCH_CHECK(activation == "sigmoid", "bce takes its logits from a sigmoid output, not from ", activation);
    return torch::binary_cross_entropy_with_logits(logits, target, {}, {}, torch::Reduction::None);
  }
  const torch::Tensor reconstruction = activate(activation, logits);
  if (loss == "l1") {
    return torch::l1_loss(reconstruction, target, torch::Reduction::None);
  }
  if (loss == "huber") {
    return torch::smooth_l1_loss(reconstruction, target, torch::Reduction::None);
  }
  TORCH_CHECK(loss == "mse", "no such reconstruction loss: ", loss);
  return torch::mse_loss(reconstruction, target, torch::Reduction::None);
}

torch::Tensor summed_reconstruction_error(const std::string& loss, const torch::Tensor& logits,
                                          const std::string& activation, const torch::Tensor& target) {
  if (activation == "sigmoid" && loss == "mse" && takes_sigmoid_errors(logits, target)) {
    return sigmoid_squared_error(logits, target);
  }
  if (activation == "sigmoid" && loss == "bce" && takes_sigmoid_errors(logits, target)) {
    return sigmoid_cross_entropy(logits, target);
  }
  return reconstruction_error(loss, logits, activation, target).flatten(1).sum(1);
}

}  // namespace autoencoder
