#include "models/backbone_autoencoder.h"

#include <torch/nn/modules/linear.h>

#include "models/kernels/fused_layers.h"

namespace autoencoder {

void BackboneAutoencoderOptions::visit(OptionVisitor& visitor) {
  visitor.option("latent-dim", latent_dim, "numbers in a code", between(1, kMostUnits));
  visitor.choice("output-activation", output_activation, "activation of the reconstruction", activations());
  visitor.choice("loss", loss, "reconstruction loss", losses());
}

Choices<ReconstructionLoss> BackboneAutoencoderOptions::losses() const {
  Choices<ReconstructionLoss> all = reconstruction_losses();
  const Choices<ReconstructionLoss> of_pictures = picture_losses();
  all.insert(all.end(), of_pictures.begin(), of_pictures.end());
  return all;
}

BackboneAutoencoder::BackboneAutoencoder(const BackboneAutoencoderOptions& options, const Backbone& backbone,
                                         const ImageShape& shape, int64_t outputs_per_code)
    : Autoencoder(shape, backbone.code_shape(shape, options.latent_dim)),
      output_activation_(options.output_activation),
      loss_(options.loss) {
  check_loss(loss_, output_activation_, shape);
  Coder coder = backbone.make_coder(shape, outputs_per_code * latent_dim(), latent_dim());
  encoder_ = register_module("encoder", coder.encoder);
  decoder_ = register_module("decoder", coder.decoder);
  has_separable_layers_ = are_separable(*encoder_) && are_separable(*decoder_);
}

Tensor BackboneAutoencoder::do_decode(const Tensor& code) {
  return activate(output_activation_, forward_fused(decoder_, code));
}

Tensor BackboneAutoencoder::run_encoder(const Tensor& input) { return forward_fused(encoder_, input); }

Tensor BackboneAutoencoder::logits(const Tensor& code) {
  return forward_fused(decoder_, code).to(torch::kFloat32);
}

Tensor BackboneAutoencoder::example_errors(const Tensor& code, const Tensor& target) {
  return summed_reconstruction_error(loss_, logits(code), output_activation_, target);
}

Interval BackboneAutoencoder::reach() const { return reach_of(output_activation_); }

std::vector<Stage> BackboneAutoencoder::stages() {
  const auto& [channels, height, width] = input_shape();
  return {{"encoder", encoder_, {channels, height, width}}, {"decoder", decoder_, {latent_dim()}}};
}

std::shared_ptr<torch::nn::LinearImpl> BackboneAutoencoder::only_linear(torch::nn::Sequential& layers) {
  std::shared_ptr<torch::nn::LinearImpl> found;
  for (const auto& layer : layers->children()) {
    const auto linear = std::dynamic_pointer_cast<torch::nn::LinearImpl>(layer);
    if (!layer->parameters().empty() && (!linear || found)) {
      return nullptr;
    }
    found = linear ? linear : found;
  }
  return found;
}

}  // namespace autoencoder
