// What a family of autoencoders learns with: an encoder/decoder pair.
#pragma once

#include <vector>

#include <torch/nn/modules/container/sequential.h>

#include "common/image_shape.h"
#include "common/options.h"

namespace autoencoder {

/// An encoder and its mirror image.
struct Coder {
  torch::nn::Sequential encoder;
  torch::nn::Sequential decoder;
};

/// What goes into a coder and what comes out. The encoder may see more than the decoder gives back.
struct CoderSizes {
  ImageShape input;
  int64_t encoder_outputs;
  int64_t latent_dim;
  ImageShape output;
};

class Tokens;

/// A recipe for an encoder and its mirror image, with its options. Holds no parameters itself.
class Backbone : public Options {
 public:
  /// The shape of the codes of such images: latent_dim x 1 x 1, unless the backbone makes codes that are
  /// pictures themselves.
  virtual ImageShape code_shape(const ImageShape& /*input*/, int64_t latent_dim) const {
    return {latent_dim, 1, 1};
  }

  /// What the encoder makes of an image on its way to the code: the image's own shape, and what each level
  /// puts out, one after the other. Throws Error as make_encoder.
  virtual std::vector<ImageShape> levels(const ImageShape& input) const = 0;

  /// N x C x H x W -> N x outputs, a multiple of the code's size. No activation after the last layer: what
  /// the outputs mean (a code, a mean and a log variance) is the family's business. Throws Error where the
  /// options do not fit the shape.
  virtual torch::nn::Sequential make_encoder(const ImageShape& input, int64_t outputs) const = 0;

  /// N x inputs -> N x C x H x W of logits, before any output activation.
  virtual torch::nn::Sequential make_decoder(int64_t inputs, const ImageShape& output) const = 0;

  /// Both, sharing weights where the backbone is asked to. Throws Error as make_encoder.
  virtual Coder make_coder(const CoderSizes& sizes) const {
    return {make_encoder(sizes.input, sizes.encoder_outputs), make_decoder(sizes.latent_dim, sizes.output)};
  }

  /// What families learn with that work on parts of an image (models/backbones/patch_transformer.h): null
  /// where it knows none.
  virtual const Tokens* tokens() const { return nullptr; }

  /// Options that had no name in a version before, and what it did: for runs that are older than they.
  virtual Json earlier_options() const { return Json::object(); }
};

}  // namespace autoencoder
