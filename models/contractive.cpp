// The contractive autoencoder (Rifai et al. 2011, eq. 7): penalises how much the code moves when the input
// moves. Exact and cheap where the encoder is one layer; an estimate by random probes (Hutchinson 1990)
// elsewhere.

#include <algorithm>

#include <torch/csrc/autograd/autograd.h>
#include <torch/nn/modules/linear.h>

#include "models/backbone_autoencoder.h"
#include "models/kernels/fused_layers.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

class Contractive : public BackboneAutoencoder {
 public:
  struct Options : BackboneAutoencoderOptions {
    Activation code_activation = Activation::kSigmoid;
    double strength = 1e-3;
    int64_t probes = 1;

    void visit(OptionVisitor& visitor) override {
      BackboneAutoencoderOptions::visit(visitor);
      visitor.choice("code-activation", code_activation, "activation of the code", activations());
      visitor.option("strength", strength, "weight of the squared norm of the encoder's Jacobian",
                     between(0, kLargestWeight));
      visitor.option("probes", probes, "random probes of the Jacobian of a deep encoder", between(1, 1e6));
    }
  };

  Contractive(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : BackboneAutoencoder(options, backbone, shape),
        options_(options),
        encoder_layer_(only_linear(encoder())),
        division_(encoder_layer_
                      ? division_of_layers()
                      : std::min(division_of_layers(), division_of(*encoder(), Differentiated::kTwice))) {}

  Division division() const override { return division_; }

 private:
  Tensor do_encode(const Tensor& input) override {
    return activate(options_.code_activation, run_encoder(input));
  }

  Loss do_loss(const Batch& batch, const Step& step) override {
    const Tensor error = mean_error(do_encode(batch.input), batch.target);
    const Tensor penalty = jacobian_penalty(batch.input, step.rng);
    return {error + options_.strength * penalty,
            {{"reconstruction", error.detach()}, {"penalty", penalty.detach()}}};
  }

  // Squared Frobenius norm of d code / d input, mean over the batch: a scalar whose gradient reaches the
  // encoder.
  Tensor jacobian_penalty(const Tensor& input, const at::Generator& rng) {
    const bool learning = torch::GradMode::is_enabled();
    const torch::AutoGradMode derivatives(true);  // validation asks for the penalty without gradients
    return encoder_layer_ ? exact_penalty(input, learning) : estimated_penalty(input, rng, learning);
  }

  // d code_j / d input_i = s'(a_j) W_ji (Rifai et al. 2011, section 5.1 with any activation s).
  Tensor exact_penalty(const Tensor& input, bool learning) {
    Tensor before = run_encoder(input);
    before = before.requires_grad() ? before : before.requires_grad_();
    const Tensor code = activate(options_.code_activation, before);
    const Tensor slope = derivative(code.sum(), before, learning);
    const Tensor of_input = encoder_layer_->weight.narrow(1, 0, input_shape().size());
    return (slope.square() * of_input.square().sum(1)).sum(1).mean();
  }

  // The squared norm of v^T J has the mean of the squared norm of J over v of independent signs.
  Tensor estimated_penalty(const Tensor& input, const at::Generator& rng, bool learning) {
    const Tensor origin = input.detach().clone().requires_grad_();
    const Tensor code = do_encode(origin);
    Tensor sum = torch::zeros({}, input.options());
    for (int64_t probe = 0; probe < options_.probes; ++probe) {
      const Tensor signs = torch::randint(2, code.sizes(), rng, input.options()) * 2 - 1;
      sum = sum + derivative((code * signs).sum(), origin, learning).flatten(1).square().sum(1).mean();
    }
    return sum / options_.probes;
  }

  static Tensor derivative(const Tensor& output, const Tensor& input, bool differentiable) {
    return torch::autograd::grad({output}, {input}, {}, /*retain_graph=*/true, differentiable).front();
  }

  Options options_;
  std::shared_ptr<torch::nn::LinearImpl> encoder_layer_;  // null where the encoder is deep
  Division division_;
};

const FamilyRegistration<Contractive> contractive("contractive",
                                                  "the code moves little when the input moves a little", "",
                                                  {{"hidden", Json::array()}, {"latent-dim", 128}});

}  // namespace
}  // namespace autoencoder
