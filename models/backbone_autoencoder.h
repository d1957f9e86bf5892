// What the families share that learn with a backbone's encoder and decoder as they are.
#pragma once

#include <torch/nn/modules/linear.h>

#include "common/options.h"
#include "models/activation.h"
#include "models/autoencoder.h"
#include "models/backbones/backbone.h"
#include "models/losses.h"

namespace autoencoder {

/// Options of every such family. A family derives from it to change defaults and to add its own.
struct BackboneAutoencoderOptions : Options {
  int64_t latent_dim = 32;
  Activation output_activation = Activation::kSigmoid;
  ReconstructionLoss loss = ReconstructionLoss::kSquared;

  void visit(OptionVisitor& visitor) override;

  /// The reconstruction losses that the family takes.
  virtual Choices<ReconstructionLoss> losses() const;
};

/// Holds encoder and decoder and turns logits into reconstructions and losses.
class BackboneAutoencoder : public Autoencoder {
 public:
  std::vector<Stage> stages() override;
  Interval reach() const override;

 protected:
  /// outputs_per_code: how many numbers the encoder gives for each number of the code.
  /// Throws Error as check_loss.
  BackboneAutoencoder(const BackboneAutoencoderOptions& options, const Backbone& backbone,
                      const ImageShape& shape, int64_t outputs_per_code = 1);

  /// N x C x H x W -> N x (outputs_per_code * D).
  Tensor run_encoder(const Tensor& input);

  /// N x D -> N x C x H x W of logits in float32: under bfloat16 autocast they come in half the bits, and a
  /// loss summed over many pixels needs them all.
  Tensor logits(const Tensor& code);

  /// The reconstruction loss of each example, summed over its pixels, N: `code` decoded, against `target`.
  Tensor example_errors(const Tensor& code, const Tensor& target);

  /// The mean reconstruction loss of a pixel.
  Tensor mean_error(const Tensor& code, const Tensor& target) {
    return example_errors(code, target).sum() / target.numel();
  }

  /// Whether threads may run encoder and decoder at the same time (models/kernels/fused_layers.h).
  bool has_separable_layers() const { return has_separable_layers_; }

  Tensor do_decode(const Tensor& code) override;

  torch::nn::Sequential& encoder() { return encoder_; }
  torch::nn::Sequential& decoder() { return decoder_; }

  /// The only linear layer of `layers`, or null where there are more, or convolutions.
  static std::shared_ptr<torch::nn::LinearImpl> only_linear(torch::nn::Sequential& layers);

 private:
  Activation output_activation_;
  ReconstructionLoss loss_;
  torch::nn::Sequential encoder_;
  torch::nn::Sequential decoder_;
  bool has_separable_layers_;
};

}  // namespace autoencoder
