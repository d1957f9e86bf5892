#include "evaluation/ridge_regression.h"

#include <limits>
#include <tuple>

#include <torch/types.h>

namespace autoencoder {
namespace {

// Centred features X = U S V' and centred targets: what the fits of all penalties have in common.
struct Decomposition {
  torch::Tensor u;
  torch::Tensor s;
  torch::Tensor v;
  torch::Tensor targets;

  torch::Tensor weight(double penalty) const { return v.mv(s / (s.square() + penalty) * u.t().mv(targets)); }

  // Mean squared error where each example is predicted from all others.
  double left_out_error(double penalty) const {
    const torch::Tensor shrinkage = s.square() / (s.square() + penalty);
    const torch::Tensor residual = targets - u.mv(shrinkage * u.t().mv(targets));
    const torch::Tensor leverage = u.square().mv(shrinkage) + 1.0 / static_cast<double>(targets.size(0));
    return (residual / (1 - leverage)).square().mean().item<double>();
  }
};

}  // namespace

torch::Tensor RidgeRegression::predict(const torch::Tensor& features) const {
  return standardisation.apply(features.to(torch::kFloat64)).mv(weight) + intercept;
}

RidgeRegression fit_ridge_regression(const torch::Tensor& features, const torch::Tensor& targets,
                                     const std::vector<double>& penalties) {
  TORCH_CHECK(features.dim() == 2 && features.size(0) == targets.size(0) && features.size(0) > 1,
              "a regression of ", targets.sizes(), " on ", features.sizes());
  TORCH_CHECK(!penalties.empty(), "no penalty to choose from");
  const torch::Tensor examples = features.to(torch::kFloat64);
  const torch::Tensor values = targets.to(torch::kFloat64);
  RidgeRegression fit;
  fit.standardisation = fit_standardisation(examples);
  fit.intercept = values.mean().item<double>();
  const auto [u, s, vh] =
      torch::linalg_svd(fit.standardisation.apply(examples), /*full_matrices=*/false, std::nullopt);
  const Decomposition decomposition = {u, s, vh.t(), values - fit.intercept};
  double least = std::numeric_limits<double>::infinity();
  for (const double penalty : penalties) {
    const double error = decomposition.left_out_error(penalty);
    if (error < least) {
      least = error;
      fit.penalty = penalty;
    }
  }
  fit.weight = decomposition.weight(fit.penalty);
  return fit;
}

}  // namespace autoencoder
