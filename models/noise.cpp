#include "models/noise.h"

#include <cmath>
#include <numbers>
#include <utility>

#include <torch/types.h>

namespace autoencoder {

torch::Tensor draw_noise(int64_t count, int64_t dimensions, const NoiseShape& shape, at::Generator rng) {
  if (shape.truncation == 0) {
    return shape.temperature * torch::randn({count, dimensions}, std::move(rng));
  }
  // The inverse of the distribution function, of chances that lie within.
  const double inside = std::erf(shape.truncation / std::numbers::sqrt2);
  const torch::Tensor chances = torch::rand({count, dimensions}, std::move(rng), torch::kFloat64) * 2 - 1;
  const torch::Tensor noise = std::numbers::sqrt2 * torch::erfinv(chances * inside);
  return (shape.temperature * noise).to(torch::kFloat32);
}

}  // namespace autoencoder
