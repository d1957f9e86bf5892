#include "models/pca.h"

#include <torch/types.h>

#include "common/error.h"
#include "data/feature_statistics.h"
#include "models/kernels/products.h"

namespace autoencoder {
namespace {

// Sum over examples of their products of deviations from the mean, F x F.
torch::Tensor scatter_about(const torch::Tensor& mean, const Pass& examples) {
  torch::Tensor scatter = torch::zeros({mean.size(0), mean.size(0)}, torch::kFloat64);
  examples([&](const torch::Tensor& some) {
    const torch::Tensor centred = some.to(torch::kCPU, torch::kFloat64) - mean;
    add_product(centred.t(), centred, scatter);
  });
  return scatter;
}

// Directions of F numbers and the scatter along each, of descending scatter.
struct Directions {
  torch::Tensor axes;
  torch::Tensor scatters;
};

Directions by_features(const torch::Tensor& mean, const Pass& examples) {
  const auto [scatters, axes] = torch::linalg_eigh(scatter_about(mean, examples));  // ascending
  return {axes.flip(1), scatters.flip(0)};
}

// Products of `size` examples' deviations from the mean with each other, N x N.
torch::Tensor products_about(const torch::Tensor& mean, int64_t size, const Pass& examples) {
  const torch::Tensor centred = torch::empty({size, mean.size(0)}, torch::kFloat64);
  int64_t first = 0;
  examples([&](const torch::Tensor& some) {
    centred.narrow(0, first, some.size(0)).copy_(some).sub_(mean);
    first += some.size(0);
  });
  return product(centred, centred.t());
}

// Sums over examples of their deviations from the mean by their weights (N x D): F x D.
torch::Tensor weighted_sums(const torch::Tensor& mean, const torch::Tensor& weights, const Pass& examples) {
  torch::Tensor sums = torch::zeros({mean.size(0), weights.size(1)}, torch::kFloat64);
  int64_t first = 0;
  examples([&](const torch::Tensor& some) {
    const torch::Tensor centred = some.to(torch::kCPU, torch::kFloat64) - mean;
    add_product(centred.t(), weights.narrow(0, first, some.size(0)), sums);
    first += some.size(0);
  });
  return sums;
}

// Of fewer examples than features: their products with each other have the same eigenvalues, but for zeros
// (Bishop 2006, section 12.1.4). The first `count` directions, and all scatters.
Directions by_examples(const torch::Tensor& mean, int64_t size, const Pass& examples, int64_t count) {
  const auto [scatters, weights] = torch::linalg_eigh(products_about(mean, size, examples));  // ascending
  const torch::Tensor directions =
      weighted_sums(mean, weights.narrow(1, size - count, count).flip(1), examples);
  // At right angles already, but for those of no scatter, which are but rounding.
  return {std::get<0>(torch::linalg_qr(directions)), scatters.flip(0)};
}

// An eigenvector is one up to its sign: a choice of it, so that the same data give the same codes.
torch::Tensor with_signs_settled(const torch::Tensor& axes) {
  const torch::Tensor largest = axes.abs().argmax(0, /*keepdim=*/true);
  return axes * axes.gather(0, largest).sign();
}

}  // namespace

torch::Tensor PrincipalComponents::project(const torch::Tensor& examples) const {
  const auto type = examples.scalar_type();
  return product(examples - mean.to(type), axes.to(type));
}

torch::Tensor PrincipalComponents::restore(const torch::Tensor& codes) const {
  const auto type = codes.scalar_type();
  return product_plus(mean.to(type), codes, axes.t().to(type));
}

PrincipalComponents fit_pca(const Pass& examples, int64_t count) {
  const torch::NoGradGuard no_grad;
  int64_t size = 0;
  const torch::Tensor mean = mean_of([&](const auto& visit) {
    examples([&](const torch::Tensor& some) {
      size += some.size(0);
      visit(some);
    });
  });
  if (!mean.isfinite().all().item<bool>()) {
    throw Error(
        "numbers that are not finite have no principal components; where they are codes, train again with a "
        "smaller --learning-rate");
  }
  const int64_t features = mean.size(0);
  TORCH_CHECK(size > 1, "principal components of one example");
  TORCH_CHECK(count >= 1 && count <= features, count, " components of ", features, " features");
  const bool has_few_examples = size < features && count <= size;
  const Directions found =
      has_few_examples ? by_examples(mean, size, examples, count) : by_features(mean, examples);
  const torch::Tensor variances = found.scatters.clamp_min(0).div_(size - 1);
  return {.mean = mean,
          .axes = with_signs_settled(found.axes.narrow(1, 0, count)),
          .variances = variances.narrow(0, 0, count),
          .total_variance = variances.sum().item<double>()};
}

PrincipalComponents fit_pca(const torch::Tensor& examples, int64_t count) {
  TORCH_CHECK(examples.dim() == 2 && examples.size(0) > 0, "principal components of ", examples.sizes());
  return fit_pca(
      [&](const std::function<void(const torch::Tensor&)>& visit) {
        for (const torch::Tensor& some : examples.split(kExamplesInPass)) {
          visit(some);
        }
      },
      count);
}

}  // namespace autoencoder
