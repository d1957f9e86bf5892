// Sparse autoencoders: an overcomplete code of which few units are active. Four ways to get there: an L1
// penalty (Cunningham et al. 2023), a KL divergence from a target rate (Ng 2011), the k largest units of each
// example (Makhzani & Frey 2013), and the k largest a head over the batch (Bussmann et al. 2024). Units that
// no longer fire are brought back by an auxiliary loss (Gao et al. 2024, appendix A.2).

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <torch/nn/modules/linear.h>

#include "common/error.h"
#include "data/feature_statistics.h"
#include "models/backbone_autoencoder.h"
#include "models/pattern_images.h"
#include "models/registry.h"
#include "models/whole_batch.h"

namespace autoencoder {
namespace {

constexpr int64_t kPicturedAtoms = 144;
constexpr double kAuxiliaryWeight = 1.0 / 32;  // Gao et al. 2024, section A.2
constexpr double kThresholdMomentum = 0.99;
constexpr double kSmallestRate = 1e-6;

enum class Sparsity { kTopK, kBatchTopK, kL1, kRate };

class Sparse : public BackboneAutoencoder, public Illustrated {
 public:
  struct Options : BackboneAutoencoderOptions {
    Sparsity sparsity = Sparsity::kTopK;
    int64_t k = 32;
    double strength = 1e-3;
    double target_rate = 0.05;
    int64_t dead_after = 500;
    bool unit_norm = false;
    bool pre_bias = false;

    Options() {
      latent_dim = 1024;
      output_activation = Activation::kNone;
    }

    void visit(OptionVisitor& visitor) override {
      BackboneAutoencoderOptions::visit(visitor);
      visitor.choice("sparsity", sparsity, "what keeps the code sparse",
                     {{"topk", Sparsity::kTopK},
                      {"batch-topk", Sparsity::kBatchTopK},
                      {"l1", Sparsity::kL1},
                      {"kl", Sparsity::kRate}});
      visitor.option("k", k, "active units of an example with topk, on average with batch-topk",
                     between(1, kMostUnits));
      visitor.option("strength", strength, "weight of the penalty with l1 and kl",
                     between(0, kLargestWeight));
      visitor.option("target-rate", target_rate, "mean activation of a unit with kl",
                     {.min = 0, .max = 1, .open_below = true, .open_above = true, .choices = {}});
      visitor.option("dead-after", dead_after,
                     "steps without firing after which topk and batch-topk bring a unit back; 0: never",
                     between(0, 1e9));
      visitor.option("unit-norm", unit_norm, "keep the decoder's columns at norm 1");
      visitor.option("pre-bias", pre_bias, "take the decoder's bias off the input (tied bias)");
    }
  };

  Sparse(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : BackboneAutoencoder(options, backbone, shape),
        options_(options),
        encoder_layer_(only_linear(encoder())),
        decoder_layer_(only_linear(decoder())) {
    if (options_.k > latent_dim()) {
      throw Error(fmt::format("k is {}, but the code has {} units; lower --k or raise --latent-dim",
                              options_.k, latent_dim()));
    }
    if ((options_.unit_norm || options_.pre_bias) && !decoder_layer_) {
      throw Error(
          "unit-norm and pre-bias need a decoder of one linear layer; leave --hidden and --backbone away");
    }
    idle_steps_ = register_buffer("idle_steps", torch::zeros({latent_dim()}));
    threshold_ = register_buffer("threshold", torch::zeros({}));
  }

  /// Rates, dead units and the largest of a batch are those of all its examples.
  Division division() const override {
    return std::min(options_.sparsity == Sparsity::kL1 ? Division::kFree : Division::kTogether,
                    division_of_layers());
  }

  /// The decoder's bias starts at the mean of the data, its columns at norm 1. Where the largest units are
  /// kept, each reads at first what it writes (Gao et al. 2024, appendix A.1): few are then dead.
  void prepare(const Examples& examples) override {
    if (options_.pre_bias) {
      const Tensor& bias = decoder_layer_->bias;
      bias.copy_(scaled(mean_of(examples.pass()).to(bias.device(), torch::kFloat32)).flatten());
    }
    normalise_columns();
    if (keeps_largest() && encoder_layer_ && decoder_layer_) {
      encoder_layer_->weight.narrow(1, 0, input_shape().size()).copy_(decoder_layer_->weight.t());
      encoder_layer_->bias.zero_();
    }
  }

  void after_step(const Step& /*step*/) override { normalise_columns(); }

  Illustrated* illustrated() override { return this; }

  /// The atoms: what each unit adds to a reconstruction, those most active first.
  std::vector<Illustration> illustrations(const Tensor& examples) override {
    const torch::NoGradGuard no_grad;
    const Tensor activity = encode(examples).mean(0);
    const int64_t count = std::min(kPicturedAtoms, latent_dim());
    const Tensor units = std::get<1>(activity.topk(count));
    const Tensor codes = torch::eye(latent_dim(), activity.options()).index_select(0, units);
    const Tensor atoms = logits(codes) - logits(torch::zeros_like(codes));
    return {{"atoms", "atoms of the decoder, the most active units first",
             pattern_images(atoms.flatten(1), input_shape())}};
  }

  std::vector<Metric> diagnostics(const Tensor& examples) override {
    const torch::NoGradGuard no_grad;
    const Tensor code = encode(examples);
    const Tensor active = (code.abs() > active_above()).to(torch::kFloat32);
    const Tensor density = active.mean(0);
    const Tensor residual = (examples - decode(code)).flatten(1);
    const Tensor centred = (examples - examples.mean(0)).flatten(1);
    const double explained = 1 - (residual.square().sum() / centred.square().sum()).item<double>();
    return {{"l0", "active units of an example (L0)", active.sum(1).mean().item<double>(), ""},
            {"density", "mean share of examples that a unit fires for", density.mean().item<double>(), ""},
            {"dead_units", "units that never fire", (density == 0).sum().item<double>(),
             fmt::format("of {}", latent_dim())},
            {"explained_variance", "explained variance", explained, ""}};
  }

 private:
  Tensor do_encode(const Tensor& input) override { return select(activations(input)); }

  Loss do_loss(const Batch& batch, const Step& /*step*/) override {
    const Tensor units = activations(batch.input);
    return keeps_largest() ? selected_loss(units, batch.target) : penalised_loss(units, batch.target);
  }

  bool keeps_largest() const {
    return options_.sparsity == Sparsity::kTopK || options_.sparsity == Sparsity::kBatchTopK;
  }

  Loss penalised_loss(const Tensor& units, const Tensor& target) {
    const Tensor error = mean_error(units, target);
    const Tensor penalty =
        options_.sparsity == Sparsity::kL1 ? units.abs().sum(1).mean() : rate_divergence(units);
    return {error + options_.strength * penalty,
            {{"reconstruction", error.detach()}, {"penalty", penalty.detach()}}};
  }

  // Sum over units of KL(Bernoulli(target rate) || Bernoulli(mean activation)): Ng 2011, section 3.
  Tensor rate_divergence(const Tensor& units) const {
    const double rho = options_.target_rate;
    const Tensor rate = mean_over_batch(units).clamp(kSmallestRate, 1 - kSmallestRate);
    return (rho * torch::log(rho / rate) + (1 - rho) * torch::log((1 - rho) / (1 - rate))).sum();
  }

  Loss selected_loss(const Tensor& units, const Tensor& target) {
    const bool whole_batch = options_.sparsity == Sparsity::kBatchTopK && is_training();
    const Tensor code = whole_batch ? keep_largest_of_batch(units) : select(units);
    const Tensor error = mean_error(code, target);
    const Tensor idle_steps = is_training() ? count_idle_steps(code.detach(), whole_batch) : idle_steps_;
    if (options_.dead_after == 0) {
      return {error, {}};
    }
    const Tensor dead = (idle_steps >= options_.dead_after).to(units.dtype());
    const Tensor auxiliary = auxiliary_loss(dead, units, code, target);
    return {error + kAuxiliaryWeight * auxiliary,
            {{"reconstruction", error.detach()}, {"auxiliary", auxiliary.detach()}}};
  }

  // The active units of each example. A whole batch decides in training; an example alone goes by the
  // threshold that training came to.
  Tensor select(const Tensor& units) const {
    if (options_.sparsity == Sparsity::kTopK) {
      return keep_largest(units, options_.k);
    }
    return options_.sparsity == Sparsity::kBatchTopK ? units * (units > threshold_) : units;
  }

  // The dead units, the largest of them, reconstruct what the others left: the squared error of that.
  // `dead`, D: 1 for each of them.
  Tensor auxiliary_loss(const Tensor& dead, const Tensor& units, const Tensor& code, const Tensor& target) {
    const Tensor revived = keep_largest(units * dead, revived_at_once());
    const Tensor residual = filled(target - do_decode(code)).detach();
    const Tensor blank = logits(torch::zeros_like(revived)).detach();
    const Tensor error = (logits(revived) - blank - residual).square().mean();
    return error * (dead.sum() > 0);
  }

  // Half as many as there are inputs (Gao et al. 2024, appendix A.2).
  int64_t revived_at_once() const { return std::clamp<int64_t>(input_shape().size() / 2, 1, latent_dim()); }

  // Steps since each unit fired, D, now that this batch has come.
  Tensor count_idle_steps(const Tensor& code, bool whole_batch) {
    const torch::NoGradGuard no_grad;
    const Tensor fired = gather_over_batch(code.amax(0, /*keepdim=*/true)).amax(0) > 0;
    const Tensor idle_steps = (idle_steps_ + 1) * fired.logical_not();
    const Tensor smallest = whole_batch ? smallest_kept(code) : Tensor();
    change_model([&] {
      idle_steps_.copy_(idle_steps);
      if (whole_batch) {
        follow_threshold(smallest);
      }
    });
    return idle_steps;
  }

  // The smallest activation of a batch's code that is not 0; 0 where all are.
  static Tensor smallest_kept(const Tensor& code) {
    constexpr double kNone = std::numeric_limits<double>::infinity();
    const Tensor smallest = gather_over_batch(code.masked_fill(code <= 0, kNone).min().view(1)).min();
    return smallest.masked_fill(smallest.isinf(), 0);
  }

  void follow_threshold(const Tensor& smallest) {
    const Tensor weight = torch::where(threshold_ > 0, 1 - kThresholdMomentum, 1.0).to(threshold_.dtype());
    threshold_.lerp_(smallest.to(threshold_.dtype()), weight);
  }

  Tensor activations(const Tensor& input) {
    const Tensor centred = options_.pre_bias ? input - pre_bias() : input;
    const Tensor units = run_encoder(centred);
    return options_.sparsity == Sparsity::kRate ? torch::sigmoid(units) : torch::relu(units);
  }

  Tensor pre_bias() const {
    const auto& [channels, height, width] = input_shape();
    return decoder_layer_->bias.view({channels, height, width});
  }

  static Tensor keep_largest(const Tensor& units, int64_t k) {
    const auto [values, indices] = units.topk(k, 1);
    return torch::zeros_like(units).scatter(1, indices, values);
  }

  // k a head, of all examples together. The largest of a batch are among the largest of its parts.
  Tensor keep_largest_of_batch(const Tensor& units) const {
    const int64_t kept = options_.k * examples_of_batch(units.size(0));
    const Tensor own = std::get<0>(units.detach().flatten().topk(std::min(kept, units.numel())));
    const Tensor padded = torch::constant_pad_nd(own, {0, kept - own.numel()});
    return units * (units >= std::get<0>(gather_over_batch(padded).topk(kept)).min());
  }

  void normalise_columns() {
    if (options_.unit_norm) {
      const torch::NoGradGuard no_grad;
      decoder_layer_->weight.div_(decoder_layer_->weight.norm(2, 0, /*keepdim=*/true).clamp_min(1e-12));
    }
  }

  // Sigmoid units are never quite 0.
  double active_above() const { return options_.sparsity == Sparsity::kRate ? 0.1 : 0; }

  Options options_;
  std::shared_ptr<torch::nn::LinearImpl> encoder_layer_;  // these two: null where there are more layers
  std::shared_ptr<torch::nn::LinearImpl> decoder_layer_;
  Tensor idle_steps_;  // D: steps since each unit fired
  Tensor threshold_;   // batch-topk: running mean of the smallest activation that was kept
};

const Json kOneLayer = {{"hidden", Json::array()}};
Json one_layer_and(const Json& more) {
  Json defaults = kOneLayer;
  defaults.update(more);
  return defaults;
}

const FamilyRegistration<Sparse> sparse("sparse", "an overcomplete code of which few units are active", "",
                                        kOneLayer);
const ModelRegistration sparse_l1({"sparse-l1", "sparse by an L1 penalty on the code", "sparse", "dense",
                                   one_layer_and({{"sparsity", "l1"}, {"strength", 1e-4}})});
const ModelRegistration sparse_kl({"sparse-kl", "sparse by a KL divergence from a target rate", "sparse",
                                   "dense", one_layer_and({{"sparsity", "kl"}, {"strength", 1e-4}})});
const ModelRegistration k_sparse({"k-sparse", "the k largest units of each example are active", "sparse",
                                  "dense", one_layer_and({{"sparsity", "topk"}})});
const ModelRegistration batch_topk(
    {"batch-topk", "sparse: the k largest units a head over the batch, dead units revived", "sparse", "dense",
     one_layer_and({{"sparsity", "batch-topk"}, {"unit-norm", true}, {"pre-bias", true}})});

}  // namespace
}  // namespace autoencoder
