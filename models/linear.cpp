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

class Linear : public BackboneAutoencoder {
 public:
  struct Options : BackboneAutoencoderOptions {
    Options() { output_activation = "none"; }
  };

  Linear(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : BackboneAutoencoder(options, backbone, shape), decoder_layer_(only_linear(decoder())) {
    if (!only_linear(encoder()) || !decoder_layer_) {
      throw Error(
          "model linear has one linear layer each way; leave --hidden and --backbone away, or use "
          "--model plain");
    }
    principal_axes_ =
        register_buffer("principal_axes", torch::zeros({shape.size(), std::min(latent_dim(), shape.size())}));
  }

  /// The principal axes of the training examples, to compare with.
  void prepare(const std::function<Tensor()>& examples) override {
    const Tensor data = scaled(examples()).flatten(1).to(torch::kCPU);
    principal_axes_.copy_(fit_pca(data, principal_axes_.size(1)).axes);
  }

  std::vector<Figure> figures(const Tensor& examples) override {
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
    return {pixel_errors(do_encode(batch.input), batch.target).mean(), {}};
  }

  // Directions of largest variance of the reconstructions, in order: C*H*W x D, orthonormal, float64.
  Tensor components(const Tensor& examples) {
    const torch::NoGradGuard no_grad;
    const PrincipalComponents codes = fit_pca(encode(examples).to(torch::kCPU), latent_dim());
    const Tensor spread = codes.axes * codes.variances.sqrt();  // a square root of the codes' covariance
    const Tensor mixed = decoder_layer_->weight.to(torch::kCPU, torch::kFloat64).mm(spread);
    return std::get<0>(torch::linalg_svd(mixed, /*full_matrices=*/false, std::nullopt));
  }

  std::shared_ptr<torch::nn::LinearImpl> decoder_layer_;
  Tensor principal_axes_;  // C*H*W x D
};

const FamilyRegistration<Linear> linear_family(
    "linear", "one linear layer each way: spans the principal subspace", "dense",
    {{"hidden", Json::array()}, {"learning-rate", 2e-3}, {"schedule", "cosine"}});

}  // namespace
}  // namespace autoencoder
