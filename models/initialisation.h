// Weights to start from, in place of LibTorch's own.
#pragma once

#include <functional>

#include <torch/nn/module.h>

namespace autoencoder {

/// Draws the weights of a module's layers anew, each by `draw` in place, and sets their biases to 0.
void initialise(torch::nn::Module& module, const std::function<void(const torch::Tensor& weight)>& draw);

/// The same by weights that keep the variance of a signal (He et al. 2015, eq. 10): convolutions alone, with
/// LibTorch's own ones, let it fade until the last bias learns black, or the mean, and nothing more.
void keep_signal(torch::nn::Module& module);

}  // namespace autoencoder
