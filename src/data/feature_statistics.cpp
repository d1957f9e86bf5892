#include "data/feature_statistics.h"

#include <functional>

#include <torch/torch.h>

namespace autoencoder {
namespace {

// Mean over examples of what `numbers_of` makes of some of them, M x ... of float64.
torch::Tensor mean_over(const Pass& examples,
                        const std::function<torch::Tensor(const torch::Tensor&)>& numbers_of) {
  torch::Tensor sum;
  int64_t count = 0;
  examples([&](const torch::Tensor& some) {
    const torch::Tensor part = numbers_of(some.to(torch::kFloat64)).sum(0);
    sum = sum.defined() ? sum + part : part;
    count += some.size(0);
  });
  return (sum / count).cpu();
}

}  // namespace

FeatureRange range_of(const Pass& examples) {
  FeatureRange range;
  examples([&](const torch::Tensor& some) {
    const auto [min, max] = torch::aminmax(some, /*dim=*/0);
    range.min = range.min.defined() ? torch::minimum(range.min, min) : min;
    range.max = range.max.defined() ? torch::maximum(range.max, max) : max;
  });
  return {range.min.cpu(), range.max.cpu()};
}

torch::Tensor mean_of(const Pass& examples) {
  return mean_over(examples, [](const torch::Tensor& some) { return some; });
}

torch::Tensor standard_deviation_of(const Pass& examples, const torch::Tensor& mean) {
  return mean_over(examples,
                   [&](const torch::Tensor& some) { return (some - mean.to(some.device())).square(); })
      .sqrt();
}

}  // namespace autoencoder
