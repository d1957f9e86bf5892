#include "data/scaling.h"

#include <torch/torch.h>

namespace autoencoder {

std::vector<std::string> scaling_names() { return {"none", "minmax", "standard"}; }

Scaling fit_scaling(const std::string& name, const torch::Tensor& examples) {
  TORCH_CHECK(name == "minmax" || name == "standard", "no such scaling: ", name);
  const bool minmax = name == "minmax";
  const torch::Tensor offset = minmax ? examples.amin(0) : examples.mean(0);
  const torch::Tensor spread = minmax ? examples.amax(0) - offset : examples.std(0, /*unbiased=*/false);
  return {offset, torch::where(spread > 0, spread, torch::ones_like(spread))};
}

}  // namespace autoencoder
