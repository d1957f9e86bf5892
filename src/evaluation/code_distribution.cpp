#include "evaluation/code_distribution.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "evaluation/evaluate.h"

namespace autoencoder {
namespace {

constexpr int kMostRounds = 200;
constexpr double kEnough = 1e-4;       // nats by which a round must improve the fit
constexpr double kLeastSpread = 1e-6;  // of a covariance's diagonal, relative to the codes' mean variance

// K of the codes, each chosen with a chance proportional to its squared distance from those before.
torch::Tensor spread_out_codes(const torch::Tensor& codes, int64_t count, const at::Generator& rng) {
  std::vector<torch::Tensor> chosen = {codes[torch::randint(codes.size(0), {1}, rng).item<int64_t>()]};
  torch::Tensor nearest = (codes - chosen[0]).square().sum(1);
  while (static_cast<int64_t>(chosen.size()) < count) {
    const bool are_all_taken = nearest.max().item<double>() == 0;
    const torch::Tensor chances = are_all_taken ? torch::ones_like(nearest) : nearest;
    chosen.push_back(codes[torch::multinomial(chances, 1, false, rng).item<int64_t>()]);
    nearest = torch::minimum(nearest, (codes - chosen.back()).square().sum(1));
  }
  return torch::stack(chosen);
}

// Weights, means and covariances of shares of the codes. shares: N x K.
class Moments {
 public:
  Moments(const torch::Tensor& codes, const torch::Tensor& shares) {
    const torch::Tensor counts = shares.sum(0).clamp_min(1e-10);
    weights = counts / counts.sum();
    means = shares.t().mm(codes) / counts.unsqueeze(1);
    std::vector<torch::Tensor> all;
    for (int64_t k = 0; k < shares.size(1); ++k) {
      const torch::Tensor centred = codes - means[k];
      // One component divides by N - 1, as a sample's covariance does.
      const torch::Tensor divisor = shares.size(1) == 1 ? counts[k] - 1 : counts[k];
      all.push_back((centred * shares.narrow(1, k, 1)).t().mm(centred) / divisor);
    }
    covariances = torch::stack(all);
  }

  torch::Tensor weights;
  torch::Tensor means;
  torch::Tensor covariances;
};

// log of weight_k * density_k of each code: N x K.
torch::Tensor log_densities(const torch::Tensor& codes, const Moments& moments, double least_variance) {
  const int64_t dimensions = codes.size(1);
  const torch::Tensor ridge = least_variance * torch::eye(dimensions, torch::kFloat64);
  const torch::Tensor lower = torch::linalg_cholesky(moments.covariances + ridge);
  std::vector<torch::Tensor> columns;
  for (int64_t k = 0; k < moments.means.size(0); ++k) {
    const torch::Tensor white =
        torch::linalg_solve_triangular(lower[k], (codes - moments.means[k]).t(), /*upper=*/false);
    const torch::Tensor log_volume = lower[k].diagonal().log().sum();
    columns.push_back(moments.weights[k].log() - log_volume - 0.5 * white.square().sum(0));
  }
  return torch::stack(columns, 1) - 0.5 * static_cast<double>(dimensions) * std::log(2 * std::numbers::pi);
}

// Eigenvectors rather than Cholesky: dead code units make a covariance singular, and stay dead.
torch::Tensor factors_of(const torch::Tensor& covariances) {
  const auto [values, vectors] = torch::linalg_eigh(covariances);
  return vectors * values.clamp_min(0).sqrt().unsqueeze(1);
}

}  // namespace

torch::Tensor encode_all(Autoencoder& model, const Dataset& data, Progress& progress) {
  progress.begin("encoding", data.size());
  return for_all_examples(model, data, [&](const torch::Tensor& input) {
    torch::Tensor codes = model.encode(input);
    progress.advance(input.size(0));
    return codes;
  });
}

CodeMixture fit_mixture(const torch::Tensor& all_codes, int64_t components, const at::Generator& rng,
                        Progress& progress) {
  TORCH_CHECK(all_codes.dim() == 2 && all_codes.size(0) > 1 && all_codes.size(0) >= components, components,
              " distributions of ", all_codes.sizes(), " codes");
  const torch::NoGradGuard no_grad;
  const torch::Tensor codes = all_codes.to(torch::kCPU, torch::kFloat64);
  const double variance = codes.var(0).mean().item<double>();
  const double least_variance = std::max(kLeastSpread * variance, 1e-30);
  const torch::Tensor starts = spread_out_codes(codes, components, rng);
  Moments moments(codes, torch::one_hot(torch::cdist(codes, starts).argmin(1), components).to(codes));
  double fit = -std::numeric_limits<double>::infinity();
  progress.begin("fitting", kMostRounds);
  int round = 0;
  for (; round < kMostRounds; ++round) {
    const torch::Tensor densities = log_densities(codes, moments, least_variance);
    const torch::Tensor evidence = densities.logsumexp(1, /*keepdim=*/true);
    const double before = std::exchange(fit, evidence.mean().item<double>());
    if (components == 1 || fit - before < kEnough) {
      break;
    }
    moments = Moments(codes, (densities - evidence).exp());
    progress.advance(1);
  }
  progress.advance(kMostRounds - round);  // those that it did not need
  return {moments.weights, moments.means, factors_of(moments.covariances), fit};
}

torch::Tensor sample_mixture(const CodeMixture& mixture, int64_t count, const NoiseShape& shape,
                             at::Generator rng) {
  const torch::Tensor chosen = torch::multinomial(mixture.weights, count, /*replacement=*/true, rng);
  const torch::Tensor noise =
      draw_noise(count, mixture.means.size(1), shape, std::move(rng)).to(torch::kFloat64);
  const torch::Tensor moved = mixture.factors.index_select(0, chosen).matmul(noise.unsqueeze(2)).squeeze(2);
  return (mixture.means.index_select(0, chosen) + moved).to(torch::kFloat32);
}

}  // namespace autoencoder
