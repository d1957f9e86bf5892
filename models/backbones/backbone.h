// What a family of autoencoders learns with: an encoder/decoder pair.
#pragma once

#include <torch/nn/modules/container/sequential.h>

#include "common/image_shape.h"
#include "common/options.h"

namespace autoencoder {

/// A recipe for an encoder and its mirror image, with its options. Holds no parameters itself.
class Backbone : public Options {
 public:
  /// N x C x H x W -> N x outputs. No activation after the last layer: what the outputs mean (a code, a mean
  /// and a log variance) is the family's business. Throws Error where the options do not fit the shape.
  virtual torch::nn::Sequential make_encoder(const ImageShape& input, int64_t outputs) const = 0;

  /// N x inputs -> N x C x H x W of logits, before any output activation.
  virtual torch::nn::Sequential make_decoder(int64_t inputs, const ImageShape& output) const = 0;
};

}  // namespace autoencoder
