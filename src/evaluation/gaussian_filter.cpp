#include "evaluation/gaussian_filter.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <torch/types.h>

namespace autoencoder {
namespace {

struct Window {
  double sigma;
  int64_t radius;

  double weight(int64_t offset) const {
    const double distance = static_cast<double>(offset) / sigma;
    return std::exp(-distance * distance / 2);
  }
};

// The weighted sums along one axis, of what lies within the picture.
torch::Tensor sums_along(const torch::Tensor& values, int64_t axis, const Window& window) {
  torch::Tensor sums = torch::zeros_like(values);
  const int64_t size = values.size(axis);
  for (int64_t offset = -window.radius; offset <= window.radius; ++offset) {
    const int64_t overlap = size - std::abs(offset);
    if (overlap > 0) {
      sums.narrow(axis, std::max<int64_t>(-offset, 0), overlap)
          .add_(values.narrow(axis, std::max<int64_t>(offset, 0), overlap), window.weight(offset));
    }
  }
  return sums;
}

torch::Tensor means_along(const torch::Tensor& values, int64_t axis, const Window& window) {
  std::vector<int64_t> line(static_cast<size_t>(values.dim()), 1);
  line[static_cast<size_t>(axis)] = values.size(axis);
  return sums_along(values, axis, window).div_(sums_along(torch::ones(line, values.options()), axis, window));
}

}  // namespace

torch::Tensor gaussian_filter(const torch::Tensor& images, double sigma, int64_t radius) {
  TORCH_CHECK(sigma > 0, "a Gaussian window needs a width, not ", sigma);
  const Window window = {sigma, radius};
  return means_along(means_along(images, 2, window), 3, window);
}

}  // namespace autoencoder
