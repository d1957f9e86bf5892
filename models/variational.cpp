// The variational autoencoder (Kingma & Welling 2014) and beta-VAE (Higgins et al. 2017): the encoder gives a
// normal distribution over codes, kept near the standard normal prior.

#include <algorithm>

#include "models/backbone_autoencoder.h"
#include "models/losses.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

class Variational : public BackboneAutoencoder, public Generative {
 public:
  struct Options : BackboneAutoencoderOptions {
    double beta = 1;

    Options() {
      latent_dim = 20;
      loss = "bce";
    }

    void visit(OptionVisitor& visitor) override {
      BackboneAutoencoderOptions::visit(visitor);
      visitor.option("beta", beta, "weight of the KL divergence", at_least(0));
    }
  };

  Variational(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : BackboneAutoencoder(options, backbone, shape, 2 * options.latent_dim), beta_(options.beta) {}

  Tensor encode(const Tensor& input) override { return posterior(input).mean; }

  /// Negative evidence lower bound (Kingma & Welling 2014, eq. 10), with beta before its second part (Higgins
  /// et al. 2017, eq. 4): both summed over pixels and code, mean over the batch; one sample of the code for
  /// each example. In nats with loss bce.
  Loss loss(const Batch& batch, const Step& step) override {
    const Normal code = posterior(batch.input);
    const Tensor reconstruction = reconstruction_of_sample(code, batch.target, step.rng).mean();
    const Tensor divergence = kl_divergence(code.mean, code.log_variance).mean();
    return {reconstruction + beta_ * divergence,
            {{"reconstruction", reconstruction.detach()}, {"kl", divergence.detach()}}};
  }

  Tensor sample_codes(int64_t count, at::Generator rng) override {
    return torch::randn({count, latent_dim()}, std::move(rng));
  }

  bool has_likelihood() const override { return loss_name() == "bce"; }

  EvidenceBound evidence_bound(const Tensor& input, at::Generator rng) override {
    TORCH_CHECK(has_likelihood(), "no bound in nats with loss ", loss_name());
    const torch::NoGradGuard no_grad;
    const Normal code = posterior(input);
    return {reconstruction_of_sample(code, input, rng), kl_divergence(code.mean, code.log_variance)};
  }

 private:
  struct Normal {
    Tensor mean;          // N x D
    Tensor log_variance;  // N x D
  };

  Normal posterior(const Tensor& input) {
    const auto halves = run_encoder(input).chunk(2, 1);
    return {halves[0], halves[1]};
  }

  // -log p(x | z) of one z for each example: N.
  Tensor reconstruction_of_sample(const Normal& code, const Tensor& target, const at::Generator& rng) {
    const Tensor noise = torch::randn(code.mean.sizes(), rng, code.mean.options());
    const Tensor sample = code.mean + torch::exp(0.5 * code.log_variance) * noise;
    return pixel_errors(sample, target).flatten(1).sum(1);
  }

  double beta_;
};

const FamilyRegistration<Variational> variational("variational",
                                                  "a distribution over codes near a normal prior: generates");
const ModelRegistration vae({"vae",
                             "variational, fully connected: 784-400-20-400-784 on MNIST",
                             "variational",
                             "dense",
                             {{"hidden", {400}}, {"batch-size", 128}}});
const ModelRegistration conv_vae({"conv-vae",
                                  "variational, convolutional: two strided convolutions to a code of 20",
                                  "variational",
                                  "conv",
                                  {{"batch-size", 128}}});

}  // namespace
}  // namespace autoencoder
