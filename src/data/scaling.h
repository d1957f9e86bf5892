// What models compute with, in place of the numbers of the data.
#pragma once

#include <optional>

#include <torch/types.h>

#include "common/options.h"
#include "data/examples.h"
#include "data/row_layout.h"

namespace autoencoder {

/// What a model takes off its input and puts back on its output: (x - offset) / factor, each C x H x W.
struct Scaling {
  torch::Tensor offset;
  torch::Tensor factor;
};

enum class ScalingKind {
  kAuto,  ///< of a table's row numbers and times to standard, all else as it is; of other data nothing
  kNone,
  kMinmax,    ///< takes each feature to [0, 1]
  kStandard,  ///< to mean 0 and standard deviation 1
};

/// "auto", "none", "minmax", "standard".
Choices<ScalingKind> scaling_kinds();

/// On the CPU, of examples with that layout; holes do not count. Features that never vary are only moved.
/// Nothing where nothing is to be scaled.
std::optional<Scaling> fit_scaling(ScalingKind kind, const Examples& examples, const RowLayout& layout = {});

}  // namespace autoencoder
