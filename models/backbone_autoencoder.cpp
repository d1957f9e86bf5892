#include "models/backbone_autoencoder.h"

#include <fmt/format.h>

#include "common/error.h"
#include "models/activation.h"
#include "models/losses.h"

namespace autoencoder {

void BackboneAutoencoderOptions::visit(OptionVisitor& visitor) {
  visitor.option("latent-dim", latent_dim, "numbers in a code", at_least(1));
  visitor.option("output-activation", output_activation, "activation of the reconstruction",
                 one_of(activation_names()));
  visitor.option("loss", loss, "reconstruction loss", one_of(reconstruction_loss_names()));
}

BackboneAutoencoder::BackboneAutoencoder(const BackboneAutoencoderOptions& options, const Backbone& backbone,
                                         const ImageShape& shape, int64_t encoder_outputs)
    : Autoencoder(shape, options.latent_dim),
      output_activation_(options.output_activation),
      loss_(options.loss) {
  if (loss_ == "bce" && output_activation_ != "sigmoid") {
    throw Error(
        fmt::format("loss bce needs output-activation sigmoid, not {}; use --loss mse, or leave the output "
                    "activation as it is",
                    output_activation_));
  }
  encoder_ = register_module("encoder", backbone.make_encoder(shape, encoder_outputs));
  decoder_ = register_module("decoder", backbone.make_decoder(latent_dim(), shape));
}

Tensor BackboneAutoencoder::decode(const Tensor& code) {
  return activate(output_activation_, decoder_->forward(code));
}

Tensor BackboneAutoencoder::pixel_errors(const Tensor& code, const Tensor& target) {
  // Under bfloat16 autocast the logits come in half the bits; a loss summed over many pixels needs them all.
  const Tensor logits = decoder_->forward(code).to(torch::kFloat32);
  return reconstruction_error(loss_, logits, output_activation_, target);
}

std::vector<Stage> BackboneAutoencoder::stages() {
  const auto& [channels, height, width] = input_shape();
  return {{"encoder", encoder_, {channels, height, width}}, {"decoder", decoder_, {latent_dim()}}};
}

}  // namespace autoencoder
