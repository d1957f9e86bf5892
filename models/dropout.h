// Dropout (Srivastava et al. 2014) whose noise comes from the step's own generator.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "models/kernels/fused_layers.h"

namespace autoencoder {

/// While one lives, layers of this thread that draw do so from that generator.
class LayersDrawFrom {
 public:
  explicit LayersDrawFrom(at::Generator generator);
  ~LayersDrawFrom();
  LayersDrawFrom(const LayersDrawFrom&) = delete;
  LayersDrawFrom& operator=(const LayersDrawFrom&) = delete;
};

/// In training each number is 0 with probability `share`, and the others are larger by 1 / (1 - share): any
/// shape -> the same. Draws from LibTorch's global generator where LayersDrawFrom names no other.
class DropoutImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  explicit DropoutImpl(double share) : share_(share) {}

  torch::Tensor forward(const torch::Tensor& input);

 private:
  double share_;
};
TORCH_MODULE(Dropout);

}  // namespace autoencoder
