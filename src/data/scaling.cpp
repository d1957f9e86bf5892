#include "data/scaling.h"

#include <torch/types.h>

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

void leave_alone_all_but_numbers(Scaling& scaling, const RowLayout& layout) {
  for (const auto& [kind, first, width] : layout.spans()) {
    if (kind != ColumnKind::kNumber && kind != ColumnKind::kTime) {
      scaling.offset.narrow(2, first, width).fill_(0);
      scaling.factor.narrow(2, first, width).fill_(1);
    }
  }
}

}  // namespace

Choices<ScalingKind> scaling_kinds() {
  return {{"auto", ScalingKind::kAuto},
          {"none", ScalingKind::kNone},
          {"minmax", ScalingKind::kMinmax},
          {"standard", ScalingKind::kStandard}};
}

std::optional<Scaling> fit_scaling(ScalingKind kind, const Examples& examples, const RowLayout& layout) {
  const bool is_by_column = kind == ScalingKind::kAuto;
  if (kind == ScalingKind::kNone || (is_by_column && layout.empty())) {
    return std::nullopt;
  }
  Scaling fitted = kind == ScalingKind::kMinmax ? minmax_of(examples.pass()) : standard_of(examples.pass());
  // Of a column that is all holes nothing is known.
  fitted.offset.nan_to_num_(0);
  fitted.factor.masked_fill_((fitted.factor > 0).logical_not(), 1);
  if (is_by_column) {
    leave_alone_all_but_numbers(fitted, layout);
  }
  return fitted;
}

}  // namespace autoencoder
