#include "models/losses.h"

#include <torch/nn/functional.h>

#include "models/kernels/sigmoid_errors.h"

namespace autoencoder {

namespace functional = torch::nn::functional;

Choices<ReconstructionLoss> reconstruction_losses() {
  return {{"mse", ReconstructionLoss::kSquared},
          {"bce", ReconstructionLoss::kCrossEntropy},
          {"l1", ReconstructionLoss::kAbsolute},
          {"huber", ReconstructionLoss::kHuber}};
}

torch::Tensor reconstruction_error(ReconstructionLoss loss, const torch::Tensor& logits,
                                   Activation activation, const torch::Tensor& target) {
  const auto each = torch::Reduction::None;
  switch (loss) {
    case ReconstructionLoss::kSquared:
      return torch::mse_loss(activate(activation, logits), target, each);
    case ReconstructionLoss::kCrossEntropy:
      TORCH_CHECK(activation == Activation::kSigmoid, "cross-entropy takes the logits of a sigmoid");
      return torch::binary_cross_entropy_with_logits(logits, target, {}, {}, each);
    case ReconstructionLoss::kAbsolute:
      return torch::l1_loss(activate(activation, logits), target, each);
    case ReconstructionLoss::kHuber:
      return torch::smooth_l1_loss(activate(activation, logits), target, each);
    case ReconstructionLoss::kGaussian:
      break;
  }
  TORCH_CHECK(false, "no element has this loss");
}

torch::Tensor summed_reconstruction_error(ReconstructionLoss loss, const torch::Tensor& logits,
                                          Activation activation, const torch::Tensor& target) {
  if (activation == Activation::kSigmoid && takes_sigmoid_errors(logits, target)) {
    if (loss == ReconstructionLoss::kSquared) {
      return sigmoid_squared_error(logits, target);
    }
    if (loss == ReconstructionLoss::kCrossEntropy) {
      return sigmoid_cross_entropy(logits, target);
    }
  }
  return reconstruction_error(loss, logits, activation, target).flatten(1).sum(1);
}

}  // namespace autoencoder
