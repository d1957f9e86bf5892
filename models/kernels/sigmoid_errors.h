// Errors of a sigmoid's output together with their gradients, in one pass over the pixels: what a dozen of
// LibTorch's operations do otherwise. On the CPU, in float32.
#pragma once

#include <torch/types.h>

namespace autoencoder {

/// Whether the functions below take these: contiguous float32 on the CPU, of which gradients are wanted.
bool takes_sigmoid_errors(const torch::Tensor& logits, const torch::Tensor& target);

/// Sum over the pixels of (sigmoid(logit) - target)^2. Both N x ..., returns N. Has no second derivative.
torch::Tensor sigmoid_squared_error(const torch::Tensor& logits, const torch::Tensor& target);

/// Sum over the pixels of -target log s - (1 - target) log(1 - s), s = sigmoid(logit), in nats. Both N x ...,
/// returns N. Has no second derivative.
torch::Tensor sigmoid_cross_entropy(const torch::Tensor& logits, const torch::Tensor& target);

}  // namespace autoencoder
