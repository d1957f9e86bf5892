// What models compute with, in place of the numbers of the data.
#pragma once

#include <torch/types.h>

#include "common/options.h"
#include "data/examples.h"

namespace autoencoder {

/// What a model takes off its input and puts back on its output: (x - offset) / factor, each C x H x W.
struct Scaling {
  torch::Tensor offset;
  torch::Tensor factor;
};

enum class ScalingKind {
  kNone,
  kMinmax,    ///< takes each feature to [0, 1]
  kStandard,  ///< to mean 0 and standard deviation 1
};

/// "none", "minmax", "standard".
Choices<ScalingKind> scaling_kinds();

/// On the CPU. Features that never vary are only moved. Of another kind than kNone.
Scaling fit_scaling(ScalingKind kind, const Examples& examples);

}  // namespace autoencoder
