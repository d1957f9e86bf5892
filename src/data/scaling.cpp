#include "data/scaling.h"

#include <torch/torch.h>

#include "data/feature_statistics.h"

namespace autoencoder {

namespace {

Scaling minmax_of(const Pass& examples) {
  const FeatureRange range = range_of(examples);
  return {range.min, range.max - range.min};
}

Scaling standard_of(const Pass& examples) {
  const torch::Tensor mean = mean_of(examples);
  return {mean.to(torch::kFloat32), standard_deviation_of(examples, mean).to(torch::kFloat32)};
}

}  // namespace

Choices<ScalingKind> scaling_kinds() {
  return {
      {"none", ScalingKind::kNone}, {"minmax", ScalingKind::kMinmax}, {"standard", ScalingKind::kStandard}};
}

Scaling fit_scaling(ScalingKind kind, const Examples& examples) {
  TORCH_CHECK(kind != ScalingKind::kNone, "no scaling is fitted to nothing");
  const auto [offset, spread] =
      kind == ScalingKind::kMinmax ? minmax_of(examples.pass()) : standard_of(examples.pass());
  return {offset, torch::where(spread > 0, spread, torch::ones_like(spread))};
}

}  // namespace autoencoder
