// The linear autoencoder: one linear layer each way, squared error. Its decoder comes to span the subspace of
// the principal components (Baldi & Hornik 1989), which a singular value decomposition then recovers one by
// one (Plaut 2018).

#include <fmt/format.h>
#include <torch/nn/modules/linear.h>

#include "common/error.h"
#include "models/backbone_autoencoder.h"
#include "models/pattern_images.h"
#include "models/pca.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr double kRadian = 57.29577951308232;  // degrees

class Linear : public BackboneAutoencoder, public Illustrated {
 public:
  struct Options : BackboneAutoencoderOptions {
    bool closed_form = false;

    Options() { output_activation = Activation::kNone; }

    /// A principal subspace is that of squares.
    Choices<ReconstructionLoss> losses() const override { return reconstruction_losses(); }

    void visit(OptionVisitor& visitor) override {
      BackboneAutoencoderOptions::visit(visitor);
      visitor.option("closed-form", closed_form,
                     "take the weights from the principal components, with nothing left to learn");
    }
  };

  Linear(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : BackboneAutoencoder(options, backbone, shape),
        closed_form_(options.closed_form),
        encoder_layer_(only_linear(encoder())),
        decoder_layer_(only_linear(decoder())) {
    if (!encoder_layer_ || !decoder_layer_) {
      throw Error(
          "model linear has one linear layer each way; leave --hidden and --backbone away, or use "
          "--model plain");
    }
    if (closed_form_ && latent_dim() > shape.size()) {
      throw Error(fmt::format("latent-dim is {}, but {} numbers have no more than {} principal components",
                              latent_dim(), shape.size(), shape.size()));
    }
    for (const Tensor& parameter : parameters()) {
      parameter.set_requires_grad(!closed_form_);
    }
    principal_axes_ =
        register_buffer("principal_axes", torch::zeros({shape.size(), std::min(latent_dim(), shape.size())}));
  }

  Division division() const override { return division_of_layers(); }

  /// The principal axes of the training examples, to compare with or to take.
  void prepare(const Examples& examples) override {
    const Pass pass = examples.pass();
    const PrincipalComponents components = fit_pca(
        [&](const auto& visit) { pass([&](const Tensor& some) { visit(filled(scaled(some)).flatten(1)); }); },
        principal_axes_.size(1));
    principal_axes_.copy_(components.axes);
    if (closed_form_) {
      encoder_layer_->weight.zero_().narrow(1, 0, input_shape().size()).copy_(components.axes.t());
      encoder_layer_->bias.copy_(-components.mean.matmul(components.axes));
      decoder_layer_->weight.copy_(components.axes);
      decoder_layer_->bias.copy_(components.mean);
    }
  }

  Illustrated* illustrated() override { return this; }

  std::vector<Illustration> illustrations(const Tensor& examples) override {
    return {{"components", "components, recovered by a singular value decomposition",
             pattern_images(components(examples).t(), input_shape())}};
  }

  /// Principal angles (Bjorck & Golub 1973) between what the decoder spans and the principal subspace of the
  /// training data.
  std::vector<Metric> diagnostics(const Tensor& examples) override {
    const Tensor axes = principal_axes_.to(torch::kCPU, torch::kFloat64);
    const Tensor own = components(examples);
    const Tensor cosines = torch::linalg_svdvals(own.t().mm(axes)).clamp(0, 1);
    const Tensor angles = torch::acos(cosines) * kRadian;
    const Tensor alignment = (own * axes).sum(0).abs();
    return {
        {"largest_angle", "largest principal angle to the PCA subspace", angles.max().item<double>(),
         "degrees"},
        {"mean_angle", "mean principal angle to the PCA subspace", angles.mean().item<double>(), "degrees"},
        {"alignment", "mean |cosine| of recovered and principal components", alignment.mean().item<double>(),
         ""}};
  }

 private:
  Tensor do_encode(const Tensor& input) override { return run_encoder(input); }

  Loss do_loss(const Batch& batch, const Step& /*step*/) override {
    return {mean_error(do_encode(batch.input), batch.target), {}};
  }

  // Directions of largest variance of the reconstructions, in order: C*H*W x D, orthonormal, float64.
  Tensor components(const Tensor& examples) {
    const torch::NoGradGuard no_grad;
    const PrincipalComponents codes = fit_pca(encode(examples).to(torch::kCPU), latent_dim());
    const Tensor spread = codes.axes * codes.variances.sqrt();  // a square root of the codes' covariance
    const Tensor mixed = decoder_layer_->weight.to(torch::kCPU, torch::kFloat64).mm(spread);
    return std::get<0>(torch::linalg_svd(mixed, /*full_matrices=*/false, std::nullopt));
  }

  bool closed_form_;
  std::shared_ptr<torch::nn::LinearImpl> encoder_layer_;
  std::shared_ptr<torch::nn::LinearImpl> decoder_layer_;
  Tensor principal_axes_;  // C*H*W x D
};

const FamilyRegistration<Linear> linear_family(
    "linear", "one linear layer each way: spans the principal subspace", "dense",
    {{"hidden", Json::array()}, {"learning-rate", 2e-3}, {"schedule", "cosine"}});
const ModelRegistration pca({"pca",
                             "linear, solved: principal component analysis",
                             "linear",
                             "dense",
                             {{"hidden", Json::array()}, {"closed-form", true}, {"epochs", 1}}});

}  // namespace
}  // namespace autoencoder
