#include "models/pca.h"

#include <torch/torch.h>

namespace autoencoder {
namespace {

constexpr int64_t kPcaChunk = 4096;  // examples: as many as are float64 at once

torch::Tensor mean_of(const torch::Tensor& examples) {
  torch::Tensor sum = torch::zeros({examples.size(1)}, torch::kFloat64);
  for (const torch::Tensor& chunk : examples.split(kPcaChunk)) {
    sum += chunk.to(torch::kFloat64).sum(0);
  }
  return sum / examples.size(0);
}

// Sum over examples of their products of deviations from the mean, F x F.
torch::Tensor scatter_about(const torch::Tensor& mean, const torch::Tensor& examples) {
  torch::Tensor scatter = torch::zeros({mean.size(0), mean.size(0)}, torch::kFloat64);
  for (const torch::Tensor& chunk : examples.split(kPcaChunk)) {
    const torch::Tensor centred = chunk.to(torch::kFloat64) - mean;
    scatter.addmm_(centred.t(), centred);
  }
  return scatter;
}

// Directions of F numbers and the scatter along each, of descending scatter.
struct Directions {
  torch::Tensor axes;
  torch::Tensor scatters;
};

Directions by_features(const torch::Tensor& mean, const torch::Tensor& examples) {
  const auto [scatters, axes] = torch::linalg_eigh(scatter_about(mean, examples));  // ascending
  return {axes.flip(1), scatters.flip(0)};
}

// Of fewer examples than features: their products with each other have the same eigenvalues, but for zeros
// (Bishop 2006, section 12.1.4).
Directions by_examples(const torch::Tensor& mean, const torch::Tensor& examples) {
  const torch::Tensor centred = examples.to(torch::kFloat64) - mean;
  const auto [scatters, weights] = torch::linalg_eigh(centred.mm(centred.t()));  // ascending
  // At right angles already, but for those of no scatter, which are but rounding.
  const auto [axes, unused] = torch::linalg_qr(centred.t().mm(weights.flip(1)));
  return {axes, scatters.flip(0)};
}

// An eigenvector is one up to its sign: a choice of it, so that the same data give the same codes.
torch::Tensor with_signs_settled(const torch::Tensor& axes) {
  const torch::Tensor largest = axes.abs().argmax(0, /*keepdim=*/true);
  return axes * axes.gather(0, largest).sign();
}

}  // namespace

torch::Tensor PrincipalComponents::project(const torch::Tensor& examples) const {
  const auto type = examples.scalar_type();
  return (examples - mean.to(type)).mm(axes.to(type));
}

torch::Tensor PrincipalComponents::restore(const torch::Tensor& codes) const {
  const auto type = codes.scalar_type();
  return torch::addmm(mean.to(type), codes, axes.t().to(type));
}

PrincipalComponents fit_pca(const torch::Tensor& examples, int64_t count) {
  TORCH_CHECK(examples.dim() == 2 && examples.size(0) > 1, "principal components of ", examples.sizes());
  TORCH_CHECK(count >= 1 && count <= examples.size(1), count, " components of ", examples.size(1),
              " features");
  const torch::NoGradGuard no_grad;
  const torch::Tensor mean = mean_of(examples);
  const bool has_few_examples = examples.size(0) < examples.size(1) && count <= examples.size(0);
  const Directions found = has_few_examples ? by_examples(mean, examples) : by_features(mean, examples);
  const torch::Tensor variances = found.scatters.clamp_min(0).div_(examples.size(0) - 1);
  return {.mean = mean,
          .axes = with_signs_settled(found.axes.narrow(1, 0, count)),
          .variances = variances.narrow(0, 0, count),
          .total_variance = variances.sum().item<double>()};
}

}  // namespace autoencoder
