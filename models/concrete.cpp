// The concrete autoencoder (Balin, Abid & Zou 2019): selects the D input features from which the others are
// best reconstructed. Each selector draws from a Gumbel-softmax over features whose temperature falls until
// it is one feature.

#include <algorithm>
#include <numeric>
#include <sstream>

#include <fmt/format.h>
#include <torch/nn/init.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "models/activation.h"
#include "models/backbone_autoencoder.h"
#include "models/kernels/fused_layers.h"
#include "models/losses.h"
#include "models/registry.h"
#include "models/whole_batch.h"

namespace autoencoder {
namespace {

// From here on in training no two selectors may want the same feature.
constexpr double kDistinctFrom = 0.5;

class Concrete : public Autoencoder, public Illustrated {
 public:
  struct Options : BackboneAutoencoderOptions {
    double start_temperature = 10;
    double end_temperature = 0.01;
    std::string features;

    Options() {
      latent_dim = 20;
      output_activation = Activation::kNone;
    }

    /// It selects numbers that are there, each by itself.
    Choices<ReconstructionLoss> losses() const override { return reconstruction_losses(); }

    void visit(OptionVisitor& visitor) override {
      BackboneAutoencoderOptions::visit(visitor);
      visitor.option("start-temperature", start_temperature, "of the selection, at the start",
                     more_than(0, kLargestWeight));
      visitor.option("end-temperature", end_temperature, "of the selection, at the end",
                     more_than(0, kLargestWeight));
      visitor.option("features", features,
                     "file of feature numbers, from 0, to decode from in place of learned ones");
    }
  };

  Concrete(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : Autoencoder(shape, {options.latent_dim, 1, 1}), options_(options) {
    check_loss(options_.loss, options_.output_activation, shape);
    if (latent_dim() > shape.size()) {
      throw Error(fmt::format("latent-dim is {}, but there are {} features to select from", latent_dim(),
                              shape.size()));
    }
    decoder_ = register_module("decoder", backbone.make_decoder(latent_dim(), shape));
    const Tensor logits = torch::empty({latent_dim(), shape.size()});
    torch::nn::init::xavier_normal_(logits);
    logits_ = is_given() ? register_buffer("logits", logits) : register_parameter("logits", logits);
    selected_ = register_buffer("selected", choose());
  }

  /// The selection is brought up to date on the way from training to evaluation.
  void train(bool on) override {
    Autoencoder::train(on);
    if (!on) {
      selected_.copy_(choose());
    }
  }

  void prepare(const Examples& /*examples*/) override {
    if (!is_given()) {
      return;
    }
    const torch::NoGradGuard no_grad;
    logits_.zero_();
    const std::vector<int64_t> features = read_features();
    for (size_t selector = 0; selector < features.size(); ++selector) {
      logits_[static_cast<int64_t>(selector)][features[selector]] = 1;
    }
    selected_.copy_(choose());
  }

  /// Where two selectors want the same feature the weaker one gives it up, and learns with its next best.
  void after_step(const Step& step) override {
    if (is_given()) {
      return;
    }
    const torch::NoGradGuard no_grad;
    const auto [strength, feature] = logits_.max(1);
    const Tensor same = feature.unsqueeze(0) == feature.unsqueeze(1);
    const Tensor stronger = strength.unsqueeze(0) > strength.unsqueeze(1);
    const Tensor loses = (same & stronger).any(1) & (step.progress >= kDistinctFrom);
    const Tensor lowered = torch::where(loses, logits_.amin(1), strength);
    logits_.scatter_(1, feature.unsqueeze(1), lowered.unsqueeze(1));
  }

  Illustrated* illustrated() override { return this; }

  std::vector<Illustration> illustrations(const Tensor& examples) override {
    if (!input_shape().is_image()) {
      return {};
    }
    const Tensor mean = examples.mean(0, /*keepdim=*/true).to(torch::kCPU).amax(1, true);  // 1 x 1 x H x W
    const Tensor pixels = torch::zeros({input_shape().size()});
    pixels.index_fill_(0, selected_.to(torch::kCPU), 1);
    const Tensor marks = pixels.view({1, input_shape().channels, input_shape().height, input_shape().width})
                             .amax(1, /*keepdim=*/true);
    const Tensor grey = mean * (1 - marks);
    return {{"selected_features", "selected pixels over the mean image",
             torch::cat({grey + marks, grey + 0.35 * marks, grey}, 1)}};
  }

  std::vector<Listing> listings() override {
    const Tensor sorted = std::get<0>(choose().sort());
    return {{"selected_features", {sorted.data_ptr<int64_t>(), sorted.data_ptr<int64_t>() + sorted.numel()}}};
  }

  std::vector<Metric> diagnostics(const Tensor& /*examples*/) override {
    const torch::NoGradGuard no_grad;
    const Tensor sharpness = torch::softmax(logits_ / options_.end_temperature, 1).amax(1).mean();
    return {{"sharpness", "mean largest share of a selector (1: one feature)", sharpness.item<double>(), ""}};
  }

  /// All of a batch goes through the same draw of the selectors.
  Division division() const override {
    return std::min(is_given() ? Division::kFree : Division::kTogether, division_of(*decoder_));
  }

  Interval reach() const override { return reach_of(options_.output_activation); }

  std::vector<Stage> stages() override { return {{"decoder", decoder_, {latent_dim()}}}; }

 private:
  Tensor do_encode(const Tensor& input) override { return input.flatten(1).index_select(1, selected_); }

  Tensor do_decode(const Tensor& code) override {
    return activate(options_.output_activation, forward_fused(decoder_, code));
  }

  Loss do_loss(const Batch& batch, const Step& step) override {
    const Tensor code = is_training() && !is_given() ? batch.input.flatten(1).mm(draw_selectors(step).t())
                                                     : do_encode(batch.input);
    const Tensor output = forward_fused(decoder_, code).to(torch::kFloat32);
    const Tensor errors =
        summed_reconstruction_error(options_.loss, output, options_.output_activation, batch.target);
    return {errors.mean() / static_cast<double>(input_shape().size()), {}};
  }

  // A sample of each selector's concrete distribution (Maddison et al. 2017, eq. 10), D x F; one for the
  // whole batch.
  Tensor draw_selectors(const Step& step) const {
    const Tensor uniform =
        of_first_part(torch::rand(logits_.sizes(), step.rng, logits_.options().requires_grad(false)));
    const Tensor gumbel = -torch::log(-torch::log(uniform.clamp(1e-7, 1 - 1e-7)));
    return torch::softmax((logits_ + gumbel) / temperature(step.progress), 1);
  }

  Tensor temperature(const Tensor& progress) const {
    return options_.start_temperature *
           torch::pow(options_.end_temperature / options_.start_temperature, progress);
  }

  // The feature of each selector, D, int64, all different: the surest selector chooses first.
  Tensor choose() const {
    const Tensor wishes = logits_.detach().to(torch::kCPU, /*non_blocking=*/false, /*copy=*/true);
    const Tensor order = wishes.amax(1).argsort(/*stable=*/true, /*dim=*/0, /*descending=*/true);
    const Tensor chosen = torch::empty({latent_dim()}, torch::kInt64);
    for (int64_t rank = 0; rank < latent_dim(); ++rank) {
      const int64_t selector = order[rank].item<int64_t>();
      const Tensor feature = wishes[selector].argmax();
      chosen[selector] = feature;
      wishes.index_fill_(1, feature.unsqueeze(0), -std::numeric_limits<float>::infinity());
    }
    return chosen;
  }

  bool is_given() const { return !options_.features.empty(); }

  std::vector<int64_t> read_features() const {
    std::istringstream words(read_file(options_.features));
    std::vector<int64_t> features;
    for (std::string word; words >> word;) {
      features.push_back(parse_feature(word));
    }
    const auto count = static_cast<int64_t>(features.size());
    std::sort(features.begin(), features.end());
    if (std::adjacent_find(features.begin(), features.end()) != features.end()) {
      throw Error(fmt::format("{}: names a feature twice", options_.features));
    }
    if (count != latent_dim()) {
      throw Error(fmt::format("{}: names {} features, but latent-dim is {}; add --latent-dim {}",
                              options_.features, count, latent_dim(), count));
    }
    return features;
  }

  int64_t parse_feature(const std::string& word) const {
    const auto feature = number_from<int64_t>(word);
    if (!feature || *feature < 0 || *feature >= input_shape().size()) {
      throw Error(
          fmt::format("{}: '{}' is no feature; give whole numbers from 0 to {}, apart by spaces or lines",
                      options_.features, word, input_shape().size() - 1));
    }
    return *feature;
  }

  Options options_;
  torch::nn::Sequential decoder_;
  Tensor logits_;    // D x F; a buffer where the features are given
  Tensor selected_;  // D, int64
};

const FamilyRegistration<Concrete> concrete("concrete", "selects the pixels that tell most of all the others",
                                            "dense", {{"hidden", {320, 320}}, {"activation", "leaky-relu"}});

}  // namespace
}  // namespace autoencoder
