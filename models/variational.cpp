// The variational autoencoder (Kingma & Welling 2014) and its kin: beta-VAE (Higgins et al. 2017), annealed
// KL (Bowman et al. 2016), free bits (Kingma et al. 2016) and the importance-weighted bound (Burda et al.
// 2016). The encoder gives a normal distribution over codes, kept near the standard normal prior.

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "models/backbone_autoencoder.h"
#include "models/normal.h"
#include "models/registry.h"
#include "models/whole_batch.h"

namespace autoencoder {
namespace {

// What log_likelihood holds in memory at once: codes of so many samples of all examples.
constexpr int64_t kCodesAtOnce = 20'000;

class Variational : public BackboneAutoencoder, public Generative {
 public:
  struct Options : BackboneAutoencoderOptions {
    double beta = 1;
    double kl_warmup = 0;
    double free_bits = 0;
    int64_t importance_samples = 1;
    double sigma = 0;

    Options() {
      latent_dim = 20;
      loss = ReconstructionLoss::kCrossEntropy;
    }

    void visit(OptionVisitor& visitor) override {
      BackboneAutoencoderOptions::visit(visitor);
      visitor.option("beta", beta, "weight of the KL divergence", between(0, kLargestWeight));
      visitor.option("kl-warmup", kl_warmup, "share of training over which beta rises from 0", fraction());
      visitor.option("free-bits", free_bits, "nats of each code dimension that cost nothing",
                     between(0, kLargestWeight));
      visitor.option("importance-samples", importance_samples,
                     "codes of each example in the importance-weighted bound; 1: the evidence lower bound",
                     between(1, 10'000));
      visitor.option("sigma", sigma, "standard deviation of the pixels with --loss gaussian; 0: learned",
                     between(0, 1000));
    }

    /// With the loss of each pixel: the part of the Gaussian likelihood that depends on it is the squared
    /// error.
    BackboneAutoencoderOptions of_pixels() const {
      BackboneAutoencoderOptions options = *this;
      options.loss = loss == ReconstructionLoss::kGaussian ? ReconstructionLoss::kSquared : loss;
      return options;
    }

    Choices<ReconstructionLoss> losses() const override {
      Choices<ReconstructionLoss> all = BackboneAutoencoderOptions::losses();
      all.emplace_back("gaussian", ReconstructionLoss::kGaussian);
      return all;
    }
  };

  Variational(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : BackboneAutoencoder(options.of_pixels(), backbone, shape, 2), options_(options) {
    if (is_gaussian() && options_.sigma == 0) {
      log_sigma_ = register_parameter("log_sigma", torch::zeros({}));
    }
  }

  /// The free bits are those of a batch's mean divergence.
  Division division() const override {
    return std::min(options_.free_bits > 0 ? Division::kTogether : Division::kFree, division_of_layers());
  }

  Generative* generative() override { return this; }

  /// The prior is the standard normal distribution.
  Tensor sample_codes(int64_t count, const NoiseShape& noise, at::Generator rng) override {
    return draw_noise(count, latent_dim(), noise, std::move(rng));
  }

  Tensor draw_codes(const Tensor& input, at::Generator rng) override {
    const torch::NoGradGuard no_grad;
    const Normal posterior = infer(scaled(input));
    return draw(posterior, posterior.mean.sizes(), rng);
  }

  Tensor draw_examples(const Tensor& codes, at::Generator rng) override {
    const torch::NoGradGuard no_grad;
    return drawn(codes, rng);
  }

  bool has_likelihood() const override {
    return options_.loss == ReconstructionLoss::kCrossEntropy ||
           options_.loss == ReconstructionLoss::kColumns || is_gaussian();
  }

  EvidenceBound evidence_bound(const Tensor& input, at::Generator rng) override {
    require_likelihood();
    const torch::NoGradGuard no_grad;
    const Normal posterior = infer(scaled(input));
    const Tensor code = draw(posterior, posterior.mean.sizes(), rng);
    return {reconstruction(code, scaled(input)), kl_divergence(posterior.mean, posterior.log_variance)};
  }

  Tensor log_likelihood(const Tensor& input, int64_t importance_samples, at::Generator rng) override {
    require_likelihood();
    const torch::NoGradGuard no_grad;
    const Tensor target = scaled(input);
    const Normal posterior = infer(target);
    const int64_t at_once = std::max<int64_t>(1, kCodesAtOnce / target.size(0));
    std::vector<Tensor> log_weights;
    for (int64_t done = 0; done < importance_samples; done += at_once) {
      const int64_t samples = std::min(at_once, importance_samples - done);
      log_weights.push_back(importance_weights(posterior, target, samples, rng).total.logsumexp(0));
    }
    return torch::stack(log_weights).logsumexp(0) - std::log(static_cast<double>(importance_samples));
  }

 private:
  struct Normal {
    Tensor mean;          // N x D
    Tensor log_variance;  // N x D
  };

  // log p(x, z) - log q(z | x) of K codes of each example, K x N, and its part -log p(x | z).
  struct LogWeights {
    Tensor total;
    Tensor reconstruction;
  };

  Tensor do_encode(const Tensor& input) override { return run_encoder(input).chunk(2, 1)[0]; }

  // All in nats where there is a likelihood: summed over pixels and code, mean over the batch.
  Loss do_loss(const Batch& batch, const Step& step) override {
    const Normal posterior = infer(batch.input);
    return options_.importance_samples > 1 ? importance_weighted_loss(posterior, batch.target, step)
                                           : evidence_loss(posterior, batch.target, step);
  }

  // Negative evidence lower bound (Kingma & Welling 2014, eq. 10), with beta before its second part (Higgins
  // et al. 2017, eq. 4) and each dimension's mean divergence held above the free bits (Kingma et al. 2016,
  // eq. 15); one sample of the code for each example.
  Loss evidence_loss(const Normal& posterior, const Tensor& target, const Step& step) {
    const Tensor code = draw(posterior, posterior.mean.sizes(), step.rng);
    const Tensor errors = reconstruction(code, target).mean();
    const Tensor of_dimension =
        mean_over_batch(kl_divergence_by_dimension(posterior.mean, posterior.log_variance));
    const Tensor divergence = of_dimension.sum();
    const Tensor penalty =
        options_.free_bits > 0 ? of_dimension.clamp_min(options_.free_bits).sum() : divergence;
    return {errors + beta(step) * penalty,
            {{"reconstruction", errors.detach()}, {"kl", divergence.detach()}}};
  }

  // Burda et al. 2016, eq. 8, with beta before log p(z) - log q(z | x).
  Loss importance_weighted_loss(const Normal& posterior, const Tensor& target, const Step& step) {
    const int64_t samples = options_.importance_samples;
    const LogWeights weights = importance_weights(posterior, target, samples, step.rng, beta(step));
    const Tensor bound = weights.total.logsumexp(0) - std::log(static_cast<double>(samples));
    const Tensor divergence = kl_divergence(posterior.mean, posterior.log_variance).mean();
    return {-bound.mean(),
            {{"reconstruction", weights.reconstruction.mean().detach()}, {"kl", divergence.detach()}}};
  }

  LogWeights importance_weights(const Normal& posterior, const Tensor& target, int64_t samples,
                                const at::Generator& rng, const Tensor& beta = torch::ones({})) {
    const Tensor& mean = posterior.mean;
    const Tensor codes = draw(posterior, {samples, mean.size(0), mean.size(1)}, rng);
    const Tensor repeated = target.unsqueeze(0).expand({samples, -1, -1, -1, -1}).flatten(0, 1);
    const Tensor errors = reconstruction(codes.flatten(0, 1), repeated).view({samples, -1});
    const Tensor zero = torch::zeros_like(mean);
    const Tensor divergence =
        log_normal_density(codes, mean, posterior.log_variance) - log_normal_density(codes, zero, zero);
    return {-errors - beta * divergence, errors};
  }

  Normal infer(const Tensor& input) {
    // A loss that is a difference of large numbers needs float32, also under bfloat16 autocast.
    const auto halves = run_encoder(input).to(torch::kFloat32).chunk(2, 1);
    return {halves[0], halves[1]};
  }

  // sizes: N x D, or K x N x D for K draws.
  static Tensor draw(const Normal& posterior, at::IntArrayRef sizes, const at::Generator& rng) {
    const Tensor noise = torch::randn(sizes, rng, posterior.mean.options().requires_grad(false));
    return draw_normal(posterior.mean, posterior.log_variance, noise);
  }

  // -log p(x | z), or the sum of the pixels' errors where the loss is no likelihood: N.
  Tensor reconstruction(const Tensor& code, const Tensor& target) {
    Tensor errors = example_errors(code, target);
    if (!is_gaussian()) {
      return errors;
    }
    const Tensor log_sigma = log_sigma_.defined() ? log_sigma_ : torch::full({}, std::log(options_.sigma));
    const auto pixels = static_cast<double>(target[0].numel());
    return 0.5 * errors * torch::exp(-2 * log_sigma) +
           pixels * (log_sigma + 0.5 * std::log(2 * std::numbers::pi));
  }

  // A scalar.
  Tensor beta(const Step& step) const {
    return options_.kl_warmup > 0 ? options_.beta * (step.progress / options_.kl_warmup).clamp_max(1)
                                  : torch::full_like(step.progress, options_.beta);
  }

  bool is_gaussian() const { return options_.loss == ReconstructionLoss::kGaussian; }

  void require_likelihood() const {
    TORCH_CHECK(has_likelihood(), "no bound in nats with loss ", name_of(options_.losses(), options_.loss));
  }

  Options options_;
  Tensor log_sigma_;  // of the Gaussian likelihood, where it is learned
};

const FamilyRegistration<Variational> variational("variational",
                                                  "a distribution over codes near a normal prior: generates");
const ModelRegistration vae({"vae",
                             "variational, fully connected: 784-400-20-400-784 on MNIST",
                             "variational",
                             "dense",
                             {{"hidden", {400}}, {"batch-size", 128}}});
const ModelRegistration conv_vae({"conv-vae",
                                  "variational, convolutional: strided convolutions to a code of 20",
                                  "variational",
                                  "conv",
                                  {{"batch-size", 128}}});
const ModelRegistration beta_vae({"beta-vae",
                                  "variational with beta 4: fewer, more independent code dimensions",
                                  "variational",
                                  "dense",
                                  {{"hidden", {400}}, {"batch-size", 128}, {"beta", 4}, {"kl-warmup", 0.2}}});
const ModelRegistration iwae({"iwae",
                              "variational, importance-weighted bound of 50 samples: 784-200-200-50 on MNIST",
                              "variational",
                              "dense",
                              {{"hidden", {200, 200}},
                               {"activation", "tanh"},
                               {"latent-dim", 50},
                               {"importance-samples", 50},
                               {"binarize", true},
                               {"batch-size", 100}}});

}  // namespace
}  // namespace autoencoder
