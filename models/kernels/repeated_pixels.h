// Nearest-neighbour upsampling and the convolution that follows it as one: of the four pixels that repeat
// one, those that fall under one kernel are multiplied once. A convolution of 3 x 3 over pixels repeated two
// times two is a transposed one of 4 x 4 with stride 2, at 16 products a pixel in place of 36.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "models/kernels/fused_layers.h"
#include "models/kernels/fusible_activation.h"

namespace autoencoder {

/// Repeats pixels to a height and width. forward_fused makes one layer of it and a convolution.
class RepeatedPixelsImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  RepeatedPixelsImpl(int64_t height, int64_t width) : height_(height), width_(width) {}

  /// N x C x H x W -> N x C x height x width.
  torch::Tensor forward(const torch::Tensor& input);

  /// Whether the output is twice as high and as wide.
  bool doubles(const torch::Tensor& input) const {
    return height_ == 2 * input.size(2) && width_ == 2 * input.size(3);
  }

 private:
  int64_t height_, width_;
};
TORCH_MODULE(RepeatedPixels);

/// Whether fused_convolution_of_repeated takes these: pixels that are doubled, and a convolution of 3 x 3
/// with bias that keeps height and width.
bool takes_convolution_of_repeated(const RepeatedPixelsImpl& repeated, const torch::nn::Conv2dImpl& layer,
                                   const torch::Tensor& input);

/// activation(layer(repeated(input))), as fused_convolution.
torch::Tensor fused_convolution_of_repeated(const torch::nn::Conv2dImpl& layer, const Finish& finish,
                                            const torch::Tensor& input);

}  // namespace autoencoder
