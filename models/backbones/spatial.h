// What the convolutional backbones share: levels that each halve height and width, and the way between the
// smallest level and the code.
#pragma once

#include <string>
#include <vector>

#include <torch/nn/modules/conv.h>

#include "models/activation.h"
#include "models/backbones/backbone.h"
#include "models/normalisation.h"

namespace autoencoder {

/// A backbone is told apart by the layers of one level down and one level up. Where the user leaves it open,
/// the picture decides how many levels there are, and from 64 pixels of its shorter side on its layers are
/// normalised: without that, training on large pictures sits on their mean colour for hundreds of steps.
class SpatialBackbone : public Backbone {
 public:
  void visit(OptionVisitor& visitor) override;
  ImageShape code_shape(const ImageShape& input, int64_t latent_dim) const override;
  std::vector<ImageShape> levels(const ImageShape& input) const override;
  torch::nn::Sequential make_encoder(const ImageShape& input, int64_t outputs) const override;
  torch::nn::Sequential make_decoder(int64_t inputs, const ImageShape& output) const override;
  Json earlier_options() const override;

 protected:
  /// One level to the next.
  struct Step {
    ImageShape from;
    ImageShape to;
    Normalisation norm;  ///< decided
    bool is_of_large_picture;
  };

  /// Appends the layers from one level to the next smaller one, activation included.
  virtual void append_down(torch::nn::Sequential& layers, const Step& step) const = 0;

  /// Appends the layers from one level to the next larger one, up to its last convolution.
  virtual void append_up(torch::nn::Sequential& layers, const Step& step) const = 0;

  /// Appends what follows a convolution of the decoder that is not the last.
  virtual void append_between(torch::nn::Sequential& layers, Normalisation norm, int64_t channels) const;

  /// Appends what repeats pixels, for a convolution that follows.
  static void append_upsampling(torch::nn::Sequential& layers, const Step& step);

  /// The normalisation for pictures of that size, where the user names none.
  virtual Normalisation usual_norm(const ImageShape& picture) const;

  Activation activation() const { return activation_; }

 private:
  std::vector<int64_t> channels_for(const ImageShape& picture) const;
  Normalisation norm_for(const ImageShape& picture) const;
  Step step_between(const ImageShape& from, const ImageShape& to, const ImageShape& picture) const;

  std::vector<int64_t> channels_ = {0};
  int64_t code_channels_ = 0;
  Normalisation norm_ = Normalisation::kAuto;
  Activation activation_ = Activation::kRelu;
};

/// A convolution of 3 x 3 that keeps height and width.
torch::nn::Conv2d same_convolution(int64_t from_channels, int64_t to_channels);

}  // namespace autoencoder
