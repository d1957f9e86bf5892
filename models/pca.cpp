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
  const torch::Tensor covariance = scatter_about(mean, examples).div_(examples.size(0) - 1);
  const auto [variances, axes] = torch::linalg_eigh(covariance);  // ascending
  return {.mean = mean,
          .axes = with_signs_settled(axes.flip(1).narrow(1, 0, count)),
          .variances = variances.flip(0).narrow(0, 0, count).clamp_min(0),
          .total_variance = covariance.trace().item<double>()};
}

}  // namespace autoencoder
