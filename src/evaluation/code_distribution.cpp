#include "evaluation/code_distribution.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include <ATen/Parallel.h>
#include <torch/types.h>

#include "common/vectorised.h"
#include "evaluation/evaluate.h"

namespace autoencoder {
namespace {

constexpr int kMostRounds = 200;
constexpr double kEnough = 1e-4;       // nats by which a round must improve the fit
constexpr double kLeastSpread = 1e-6;  // of a covariance's diagonal, relative to the codes' mean variance
constexpr float kNegligible = 17;      // nats: e^-17 is less than float32 can add to 1
constexpr int64_t kLanes = 16;         // codes that are worked on at once
constexpr int64_t kSums = 4;           // sums over them that fit into a processor's registers
constexpr int64_t kGroups = 4;         // of codes, that a thread takes at once: they stay in its cache

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

// Weights, means and covariances of shares of the codes. codes: N x D; shares: K x N, most of them zero.
class Moments {
 public:
  Moments(const torch::Tensor& codes, const torch::Tensor& shares)
      : weights(codes.new_empty({shares.size(0)})),
        means(codes.new_empty({shares.size(0), codes.size(1)})),
        covariances(codes.new_empty({shares.size(0), codes.size(1), codes.size(1)})) {
    at::parallel_for(0, shares.size(0), 1, [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        measure(codes, shares[k], k, shares.size(0) == 1);
      }
    });
    weights /= weights.sum();
  }

  torch::Tensor weights;
  torch::Tensor means;
  torch::Tensor covariances;

 private:
  void measure(const torch::Tensor& codes, const torch::Tensor& all_shares, int64_t k, bool is_only_one) {
    const torch::Tensor owned = all_shares.nonzero().squeeze(1);
    const torch::Tensor shares = all_shares.index_select(0, owned).to(codes.scalar_type()).unsqueeze(1);
    torch::Tensor centred = codes.index_select(0, owned);
    const torch::Tensor count = shares.sum().clamp_min(1e-10);
    const torch::Tensor mean = shares.t().mm(centred).squeeze(0) / count;
    centred -= mean;
    // One component divides by N - 1, as a sample's covariance does.
    const torch::Tensor divisor = is_only_one ? count - 1 : count;
    weights[k].copy_(count);
    means[k].copy_(mean);
    covariances[k].copy_((centred * shares).t().mm(centred) / divisor);
  }
};

// Squared lengths of whitening * (code - mean) of kLanes codes. codes, centred (scratch): D x kLanes;
// whitening: lower triangular, D rows and as many rows of zeros as make a multiple of kSums.
AUTOENCODER_VECTORISED
void squared_distances(const float* codes, const float* mean, const float* whitening, int64_t dimensions,
                       float* centred, float* result) {
  for (int64_t j = 0; j < dimensions; ++j) {
#pragma omp simd
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      centred[j * kLanes + lane] = codes[j * kLanes + lane] - mean[j];
    }
  }
  float total[kLanes] = {};
  for (int64_t i = 0; i < dimensions; i += kSums) {
    float sums[kSums][kLanes] = {};
    const float* rows = whitening + i * dimensions;
    const int64_t filled = std::min(i + kSums, dimensions);
    for (int64_t j = 0; j < filled; ++j) {
      for (int64_t row = 0; row < kSums; ++row) {
#pragma omp simd
        for (int64_t lane = 0; lane < kLanes; ++lane) {
          sums[row][lane] += rows[row * dimensions + j] * centred[j * kLanes + lane];
        }
      }
    }
    for (int64_t row = 0; row < kSums; ++row) {
#pragma omp simd
      for (int64_t lane = 0; lane < kLanes; ++lane) {
        total[lane] += sums[row][lane] * sums[row][lane];
      }
    }
  }
  std::copy_n(total, kLanes, result);
}

// Eigenvectors rather than Cholesky: dead code units make a covariance singular, and stay dead.
torch::Tensor factors_of(const torch::Tensor& covariances) {
  const auto [values, vectors] = torch::linalg_eigh(covariances);
  return vectors * values.clamp_min(0).sqrt().unsqueeze(1);
}

// Which component each code comes from, by Bayes' rule. float32, but for sums over codes.
class Expectation {
 public:
  // codes: N x D float64, of unit variance.
  Expectation(const torch::Tensor& codes, int64_t components)
      : count_(codes.size(0)),
        dimensions_(codes.size(1)),
        components_(components),
        blocks_((count_ + kBlock - 1) / kBlock),
        shares_(torch::zeros({components, count_}, torch::kFloat32)) {
    const torch::Tensor filled = torch::constant_pad_nd(codes, {0, 0, 0, blocks_ * kBlock - count_});
    grouped_ = filled.to(torch::kFloat32).view({-1, kLanes, dimensions_}).transpose(1, 2).contiguous();
  }

  // K x N. What is negligible is zero: with many dimensions that is nearly all.
  const torch::Tensor& shares() const { return shares_; }

  // Finds the shares. Returns the mean log density of the codes.
  double run(const Moments& moments) {
    const torch::Tensor ridge = kLeastSpread * torch::eye(dimensions_, torch::kFloat64);
    const torch::Tensor lower = torch::linalg_cholesky(moments.covariances + ridge);
    const torch::Tensor inverse =
        torch::linalg_solve_triangular(lower, torch::eye(dimensions_, torch::kFloat64), /*upper=*/false);
    const int64_t missing = (dimensions_ + kSums - 1) / kSums * kSums - dimensions_;
    whitening_size_ = (dimensions_ + missing) * dimensions_;
    whitenings_ = torch::constant_pad_nd(inverse, {0, 0, 0, missing}).to(torch::kFloat32).contiguous();
    means_ = moments.means.to(torch::kFloat32);
    peaks_ = (moments.weights.log() - lower.diagonal(0, 1, 2).log().sum(1) -
              0.5 * static_cast<double>(dimensions_) * std::log(2 * std::numbers::pi))
                 .to(torch::kFloat32);
    std::vector<double> sums(static_cast<size_t>(blocks_));
    at::parallel_for(0, blocks_, 1, [&](int64_t begin, int64_t end) {
      std::vector<float> centred(static_cast<size_t>(dimensions_ * kLanes));
      std::vector<float> densities(static_cast<size_t>(components_ * kBlock));
      for (int64_t block = begin; block < end; ++block) {
        find_densities(block, centred, densities);
        sums[static_cast<size_t>(block)] = find_shares(block, densities);
      }
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0) / static_cast<double>(count_);
  }

 private:
  static constexpr int64_t kBlock = kLanes * kGroups;

  // log of weight_k * density_k of each code of a block: K x kBlock.
  void find_densities(int64_t block, std::vector<float>& centred, std::vector<float>& densities) const {
    const float* codes = grouped_.const_data_ptr<float>() + block * kBlock * dimensions_;
    const float* mean = means_.const_data_ptr<float>();
    const float* whitening = whitenings_.const_data_ptr<float>();
    const float* peak = peaks_.const_data_ptr<float>();
    float* found = densities.data();
    for (int64_t k = 0; k < components_; ++k, mean += dimensions_, whitening += whitening_size_) {
      for (int64_t group = 0; group < kGroups; ++group, found += kLanes) {
        squared_distances(codes + group * kLanes * dimensions_, mean, whitening, dimensions_, centred.data(),
                          found);
        std::transform(found, found + kLanes, found, [&](float distance) { return peak[k] - distance / 2; });
      }
    }
  }

  // Sum of the log densities of a block's codes.
  double find_shares(int64_t block, std::vector<float>& densities) {
    const int64_t count = std::min(kBlock, count_ - block * kBlock);
    double result = 0;
    for (int64_t i = 0; i < count; ++i) {
      float* own = densities.data() + i;
      float* shares = shares_.mutable_data_ptr<float>() + block * kBlock + i;
      float largest = own[0];
      for (int64_t k = 1; k < components_; ++k) {
        largest = std::max(largest, own[k * kBlock]);
      }
      float sum = 0;
      for (int64_t k = 0; k < components_; ++k) {
        float& share = own[k * kBlock];
        share = share < largest - kNegligible ? 0 : std::exp(share - largest);
        sum += share;
      }
      for (int64_t k = 0; k < components_; ++k) {
        shares[k * count_] = own[k * kBlock] / sum;
      }
      result += largest + std::log(sum);
    }
    return result;
  }

  int64_t count_;
  int64_t dimensions_;
  int64_t components_;
  int64_t blocks_;
  torch::Tensor shares_;
  torch::Tensor grouped_;     // groups x D x kLanes
  torch::Tensor whitenings_;  // inverses of the covariances' Cholesky factors, filled up with zeros
  int64_t whitening_size_ = 0;
  torch::Tensor means_;
  torch::Tensor peaks_;  // log of weight_k * density_k at its mean
};

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
  // float32 loses least of codes that are centred and of unit variance.
  const torch::Tensor raw = all_codes.to(torch::kCPU, torch::kFloat64);
  const torch::Tensor centre = raw.mean(0);
  const double scale = std::max(std::sqrt(raw.var(0).mean().item<double>()), 1e-12);
  const torch::Tensor codes = (raw - centre) / scale;
  const torch::Tensor coarse = codes.to(torch::kFloat32);
  const torch::Tensor nearest = torch::cdist(coarse, spread_out_codes(coarse, components, rng)).argmin(1);
  Moments moments(codes, torch::one_hot(nearest, components).t().contiguous());
  Expectation expectation(codes, components);
  double fit = -std::numeric_limits<double>::infinity();
  progress.begin("fitting", kMostRounds);
  int round = 0;
  for (; round < kMostRounds; ++round) {
    const double before = std::exchange(fit, expectation.run(moments));
    if (components == 1 || fit - before < kEnough) {
      break;
    }
    moments = Moments(codes, expectation.shares());
    progress.advance(1);
  }
  progress.advance(kMostRounds - round);  // those that it did not need
  return {moments.weights, moments.means * scale + centre, factors_of(moments.covariances) * scale,
          fit - static_cast<double>(codes.size(1)) * std::log(scale)};
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
