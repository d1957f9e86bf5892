#include "data/feature_statistics.h"

#include <functional>
#include <limits>
#include <tuple>

#include <torch/types.h>

namespace autoencoder {
namespace {

// Mean over examples of what `numbers_of` makes of some of them, M x ... of float64, each feature's over
// those that are no holes.
torch::Tensor mean_over(const Pass& examples,
                        const std::function<torch::Tensor(const torch::Tensor&)>& numbers_of) {
  torch::Tensor sum;
  torch::Tensor holes;
  int64_t count = 0;
  examples([&](const torch::Tensor& some) {
    torch::Tensor numbers = numbers_of(some.to(torch::kFloat64));
    const torch::Tensor is_hole = torch::isnan(numbers);
    numbers = numbers.masked_fill(is_hole, 0);
    sum = sum.defined() ? sum + numbers.sum(0) : numbers.sum(0);
    holes = holes.defined() ? holes + is_hole.sum(0) : is_hole.sum(0);
    count += some.size(0);
  });
  return (sum / (count - holes)).cpu();
}

// Smallest and largest of each feature among some examples, with nothing for holes.
std::tuple<torch::Tensor, torch::Tensor> ends_of(const torch::Tensor& some) {
  constexpr double kEndless = std::numeric_limits<double>::infinity();
  const auto ends = torch::aminmax(some, /*dim=*/0);
  if (!some.is_floating_point() || !torch::isnan(std::get<0>(ends)).any().item<bool>()) {
    return ends;
  }
  const torch::Tensor is_hole = torch::isnan(some);
  return {some.masked_fill(is_hole, kEndless).amin(0), some.masked_fill(is_hole, -kEndless).amax(0)};
}

}  // namespace

FeatureRange range_of(const Pass& examples) {
  FeatureRange range;
  examples([&](const torch::Tensor& some) {
    const auto [min, max] = ends_of(some);
    range.min = range.min.defined() ? torch::minimum(range.min, min) : min;
    range.max = range.max.defined() ? torch::maximum(range.max, max) : max;
  });
  return {range.min.cpu(), range.max.cpu()};
}

torch::Tensor mean_of(const Pass& examples) {
  return mean_over(examples, [](const torch::Tensor& some) { return some; });
}

torch::Tensor missing_share_of(const Pass& examples) {
  return mean_over(examples,
                   [](const torch::Tensor& some) { return torch::isnan(some).to(torch::kFloat64); });
}

torch::Tensor standard_deviation_of(const Pass& examples, const torch::Tensor& mean) {
  return mean_over(examples,
                   [&](const torch::Tensor& some) { return (some - mean.to(some.device())).square(); })
      .sqrt();
}

}  // namespace autoencoder
