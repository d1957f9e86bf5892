// Reconstruction losses.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

/// "mse", "bce", "l1", "huber".
std::vector<std::string> reconstruction_loss_names();

/// The loss of each element, in the shape of `target`. `logits` is what the decoder gives before its output
/// activation, `activation` the name of that activation: cross-entropy is computed from the logits, which is
/// exact where sigmoid saturates. huber: 0.5 d^2 below a difference of 1, |d| - 0.5 above.
torch::Tensor reconstruction_error(const std::string& loss, const torch::Tensor& logits,
                                   const std::string& activation, const torch::Tensor& target);

/// The same, summed over the elements of each example: N. Where gradients are wanted, losses of a sigmoid's
/// logits are computed with them, in one pass (models/kernels/sigmoid_errors.h).
torch::Tensor summed_reconstruction_error(const std::string& loss, const torch::Tensor& logits,
                                          const std::string& activation, const torch::Tensor& target);

}  // namespace autoencoder
