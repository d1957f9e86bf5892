#include "evaluation/interpolation.h"

#include <cmath>

#include <torch/types.h>

namespace autoencoder {

torch::Tensor linear_interpolation(const torch::Tensor& from, const torch::Tensor& to, int64_t steps) {
  const torch::Tensor share = torch::linspace(0, 1, steps, from.options()).unsqueeze(1);
  return from * (1 - share) + to * share;
}

torch::Tensor spherical_interpolation(const torch::Tensor& from, const torch::Tensor& to, int64_t steps) {
  const torch::Tensor lengths = torch::stack({from.norm(), to.norm()});
  const double cosine = (from.dot(to) / lengths.prod().clamp_min(1e-30)).item<double>();
  constexpr double kNearlyOpposite = 1 - 1e-6;  // no great circle, or too many
  if (std::abs(cosine) > kNearlyOpposite || lengths.min().item<double>() == 0) {
    return linear_interpolation(from, to, steps);
  }
  const double angle = std::acos(cosine);
  const torch::Tensor share = torch::linspace(0, 1, steps, from.options()).unsqueeze(1);
  const torch::Tensor direction = (torch::sin((1 - share) * angle) * (from / lengths[0]) +
                                   torch::sin(share * angle) * (to / lengths[1])) /
                                  std::sin(angle);
  return direction * (lengths[0] * (1 - share) + lengths[1] * share);
}

torch::Tensor traversal(const torch::Tensor& code, int64_t dimension, double low, double high,
                        int64_t steps) {
  torch::Tensor codes = code.repeat({steps, 1});
  codes.select(1, dimension).copy_(torch::linspace(low, high, steps));
  return codes;
}

torch::Tensor lattice(const torch::Tensor& low, const torch::Tensor& high, int64_t size) {
  const torch::Tensor across = torch::linspace(low[0].item<double>(), high[0].item<double>(), size);
  const torch::Tensor down = torch::linspace(high[1].item<double>(), low[1].item<double>(), size);
  return torch::stack({across.repeat({size}), down.repeat_interleave(size)}, 1);
}

}  // namespace autoencoder
