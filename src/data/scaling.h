// What models compute with, in place of the numbers of the data.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

/// What a model takes off its input and puts back on its output: (x - offset) / factor, each C x H x W.
struct Scaling {
  torch::Tensor offset;
  torch::Tensor factor;
};

/// "none", "minmax", "standard".
std::vector<std::string> scaling_names();

/// minmax takes each feature to [0, 1], standard to mean 0 and standard deviation 1; features that never vary
/// are only moved. examples: N x C x H x W float.
Scaling fit_scaling(const std::string& name, const torch::Tensor& examples);

}  // namespace autoencoder
