// Reconstruction losses.
#pragma once

#include <torch/types.h>

#include "common/options.h"
#include "models/activation.h"

namespace autoencoder {

enum class ReconstructionLoss {
  kSquared,
  kCrossEntropy,
  kAbsolute,
  kHuber,
  kGaussian,  ///< a likelihood of its own scale, which a family makes of kSquared: no element has it
};

/// Of elements: "mse", "bce", "l1", "huber".
Choices<ReconstructionLoss> reconstruction_losses();

/// The loss of each element, in the shape of `target`. `logits` is what the decoder gives before its output
/// activation: cross-entropy is computed from the logits, which is exact where sigmoid saturates. huber: 0.5
/// d^2 below a difference of 1, |d| - 0.5 above.
torch::Tensor reconstruction_error(ReconstructionLoss loss, const torch::Tensor& logits,
                                   Activation activation, const torch::Tensor& target);

/// The same, summed over the elements of each example: N. Where gradients are wanted, losses of a sigmoid's
/// logits are computed with them, in one pass (models/kernels/sigmoid_errors.h).
torch::Tensor summed_reconstruction_error(ReconstructionLoss loss, const torch::Tensor& logits,
                                          Activation activation, const torch::Tensor& target);

}  // namespace autoencoder
