// What the families share that learn with a backbone's encoder and decoder as they are.
#pragma once

#include "common/options.h"
#include "models/autoencoder.h"
#include "models/backbones/backbone.h"

namespace autoencoder {

/// Options of every such family. A family derives from it to change defaults and to add its own.
struct BackboneAutoencoderOptions : Options {
  int64_t latent_dim = 32;
  std::string output_activation = "sigmoid";
  std::string loss = "mse";

  void visit(OptionVisitor& visitor) override;
};

/// Holds encoder and decoder and turns logits into reconstructions and losses.
class BackboneAutoencoder : public Autoencoder {
 public:
  Tensor decode(const Tensor& code) override;
  std::vector<Stage> stages() override;

 protected:
  /// encoder_outputs: how many numbers the encoder gives for each example.
  /// Throws Error where the loss does not go with the output activation.
  BackboneAutoencoder(const BackboneAutoencoderOptions& options, const Backbone& backbone,
                      const ImageShape& shape, int64_t encoder_outputs);

  /// N x C x H x W -> N x encoder_outputs.
  Tensor run_encoder(const Tensor& input) { return encoder_->forward(input); }

  /// The reconstruction loss of each pixel, N x C x H x W, in float32: `code` decoded, against `target`.
  Tensor pixel_errors(const Tensor& code, const Tensor& target);

  const std::string& loss_name() const { return loss_; }

 private:
  std::string output_activation_;
  std::string loss_;
  torch::nn::Sequential encoder_;
  torch::nn::Sequential decoder_;
};

}  // namespace autoencoder
