// Weights to start from, in place of LibTorch's own.
#pragma once

#include <functional>

#include <torch/nn/module.h>

namespace autoencoder {

/// Draws the weights of a module's layers anew, each by `draw` in place, and sets their biases to 0.
void initialise(torch::nn::Module& module, const std::function<void(const torch::Tensor& weight)>& draw);

}  // namespace autoencoder
