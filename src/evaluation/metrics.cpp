#include "evaluation/metrics.h"

#include <algorithm>

#include <torch/torch.h>

#include "evaluation/gaussian_filter.h"

namespace autoencoder {
namespace {

constexpr int64_t kLargestWindow = 11;
constexpr double kWindowSigma = 1.5;

void check_sizes(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  TORCH_CHECK(original.sizes() == reconstruction.sizes(), "images of ", original.sizes(), " against ",
              reconstruction.sizes());
}

torch::Tensor mean_per_image(const torch::Tensor& values) { return values.flatten(1).mean(1); }

// A (size - window + 1) x size matrix whose rows hold the Gaussian window, each one place further to the
// right: multiplied with a column of pixels it gives the local means where the window fits whole.
torch::Tensor gaussian_means(int64_t size, int64_t window, const torch::TensorOptions& options) {
  const torch::Tensor places = torch::arange(size, options);
  const torch::Tensor starts = torch::arange(size - window + 1, options).unsqueeze(1);
  const int64_t radius = window / 2;
  const torch::Tensor distances = places - starts - radius;
  const torch::Tensor weights = torch::exp(distances.square() / (-2 * kWindowSigma * kWindowSigma));
  const torch::Tensor inside = weights.masked_fill(distances.abs() > radius, 0);
  return inside / inside.sum(1, true);
}

// Equation 13 of Wang et al., wherever `local_mean` takes the means.
template <typename LocalMean>
torch::Tensor similarity_of(const torch::Tensor& original, const torch::Tensor& reconstruction,
                            const LocalMean& local_mean) {
  constexpr double kC1 = 0.01 * 0.01;
  constexpr double kC2 = 0.03 * 0.03;
  // Variances are differences of means: float64 keeps them right, also where a GPU shortens float32 products
  // to TF32.
  const torch::Tensor x = original.to(torch::kFloat64);
  const torch::Tensor y = reconstruction.to(torch::kFloat64);
  const torch::Tensor mean_x = local_mean(x);
  const torch::Tensor mean_y = local_mean(y);
  const torch::Tensor variance_x = local_mean(x * x) - mean_x * mean_x;
  const torch::Tensor variance_y = local_mean(y * y) - mean_y * mean_y;
  const torch::Tensor covariance = local_mean(x * y) - mean_x * mean_y;
  return ((2 * mean_x * mean_y + kC1) * (2 * covariance + kC2)) /
         ((mean_x * mean_x + mean_y * mean_y + kC1) * (variance_x + variance_y + kC2));
}

}  // namespace

torch::Tensor mean_squared_error(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  check_sizes(original, reconstruction);
  return mean_per_image((original - reconstruction).square());
}

torch::Tensor mean_absolute_error(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  check_sizes(original, reconstruction);
  return mean_per_image((original - reconstruction).abs());
}

torch::Tensor peak_signal_to_noise_ratio(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  constexpr double kSmallestError = 1e-10;
  return -10 * torch::log10(mean_squared_error(original, reconstruction).clamp_min(kSmallestError));
}

torch::Tensor structural_similarity(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  check_sizes(original, reconstruction);
  const int64_t smallest_side = std::min(original.size(2), original.size(3));
  const int64_t window = std::min(kLargestWindow, smallest_side - (smallest_side + 1) % 2);
  const auto options = original.options().dtype(torch::kFloat64);
  const torch::Tensor down = gaussian_means(original.size(2), window, options);
  const torch::Tensor right = gaussian_means(original.size(3), window, options).t();
  const auto fitting = [&](const torch::Tensor& values) { return down.matmul(values).matmul(right); };
  return mean_per_image(similarity_of(original, reconstruction, fitting)).to(original.scalar_type());
}

torch::Tensor structural_similarity_map(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  check_sizes(original, reconstruction);
  const auto cut = [](const torch::Tensor& values) {
    return gaussian_filter(values, kWindowSigma, kLargestWindow / 2);
  };
  return similarity_of(original, reconstruction, cut).to(original.scalar_type());
}

torch::Tensor binary_cross_entropy(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  check_sizes(original, reconstruction);
  return mean_per_image(torch::binary_cross_entropy(reconstruction, original, {}, torch::Reduction::None));
}

}  // namespace autoencoder
