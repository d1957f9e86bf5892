#include "evaluation/metrics.h"

#include <torch/types.h>

#include "evaluation/gaussian_filter.h"
#include "models/kernels/similarity.h"

namespace autoencoder {
namespace {

void check_sizes(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  TORCH_CHECK(original.sizes() == reconstruction.sizes(), "images of ", original.sizes(), " against ",
              reconstruction.sizes());
}

torch::Tensor mean_per_image(const torch::Tensor& values) { return values.flatten(1).mean(1); }

// Variances are differences of means: float64 keeps them right, also where a GPU shortens float32 products to
// TF32.
torch::Tensor exact(const torch::Tensor& images) { return images.to(torch::kFloat64); }

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
  return plain_channel_similarity(exact(original), exact(reconstruction)).mean(1).to(original.scalar_type());
}

torch::Tensor structural_similarity_map(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  check_sizes(original, reconstruction);
  const auto cut = [](const torch::Tensor& values) {
    return gaussian_filter(values, kSimilaritySigma, kSimilarityWindow / 2);
  };
  return similarity_by(cut, exact(original), exact(reconstruction)).to(original.scalar_type());
}

torch::Tensor binary_cross_entropy(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  check_sizes(original, reconstruction);
  return mean_per_image(torch::binary_cross_entropy(reconstruction, original, {}, torch::Reduction::None));
}

}  // namespace autoencoder
