// What the convolutional backbones share: levels that each halve height and width, and the way between the
// smallest level and the code.
#pragma once

#include <string>
#include <vector>

#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/upsampling.h>

#include "models/activation.h"
#include "models/backbones/backbone.h"

namespace autoencoder {

/// A backbone is told apart by the layers of one level down and one level up.
class SpatialBackbone : public Backbone {
 public:
  void visit(OptionVisitor& visitor) override;
  ImageShape code_shape(const ImageShape& input, int64_t latent_dim) const override;
  torch::nn::Sequential make_encoder(const ImageShape& input, int64_t outputs) const override;
  torch::nn::Sequential make_decoder(int64_t inputs, const ImageShape& output) const override;

 protected:
  /// Appends the layers from one level to the next smaller one, activation included.
  virtual void append_down(torch::nn::Sequential& layers, const ImageShape& from,
                           const ImageShape& to) const = 0;

  /// Appends the layers from one level to the next larger one, without an activation at the end.
  virtual void append_up(torch::nn::Sequential& layers, const ImageShape& from,
                         const ImageShape& to) const = 0;

  Activation activation() const { return activation_; }

 private:
  std::vector<ImageShape> levels(const ImageShape& input) const;

  std::vector<int64_t> channels_ = {32, 64};
  int64_t code_channels_ = 0;
  Activation activation_ = Activation::kRelu;
};

/// A convolution of 3 x 3 that keeps height and width.
torch::nn::Conv2d same_convolution(int64_t from_channels, int64_t to_channels);

/// Repeats pixels to height and width of `to`.
torch::nn::Upsample nearest_upsample(const ImageShape& to);

}  // namespace autoencoder
