// Layers and their activations as single nodes of the autograd graph: the dozen operations that LibTorch
// makes of them cost more time than a small layer itself, and its convolutions less than half of a
// processor's speed. On the CPU, in float32, or with products in bfloat16 (bfloat16.h).
#pragma once

#include <cstdint>

#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "models/division.h"

namespace autoencoder {

/// layers->forward(input). In float32 on the CPU each Linear, Conv2d and ConvTranspose2d (of square kernels;
/// of a single image only where gradients are wanted) and each GroupNorm of larger images is one node with a
/// ReLU, Tanh or Sigmoid that follows it, and so are RepeatedPixels with the convolution over them; second
/// derivatives are those of the layers themselves. With Bfloat16Products what passes from one such layer to
/// the next is of bfloat16; what comes out, and what other layers see, is of float32.
torch::Tensor forward_fused(torch::nn::Sequential& layers, const torch::Tensor& input);

/// layer->forward(input), in the same way.
torch::Tensor forward_fused(torch::nn::Linear& layer, const torch::Tensor& input);

/// How often a loss differentiates layers: twice where it holds a derivative of theirs.
enum class Differentiated : std::uint8_t { kOnce, kTwice };

/// How parts of a batch may be computed by forward_fused(layers, ...), with its gradients, in float32: as the
/// most particular layer allows. Free are those that are known to compute each example by itself and to share
/// no memory: fully connected layers, activations, what normalises within an example, pools, repeats or
/// reshapes, and convolutions that are fused, differentiated once. LibTorch's own convolutions, which second
/// derivatives of fused ones are made of, too, share scratch memory between threads: in turn. A
/// DivisibleLayer says so itself, and of any other layer nothing is known.
Division division_of(const torch::nn::SequentialImpl& layers,
                     Differentiated differentiated = Differentiated::kOnce);

/// A layer of this program that knows how it may be divided, where those layers may that it registers. It
/// runs a Sequential that it registers by forward_fused.
class DivisibleLayer {
 public:
  virtual ~DivisibleLayer() = default;
  virtual Division division() const { return Division::kFree; }
};

}  // namespace autoencoder
