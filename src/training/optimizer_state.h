// What an optimizer remembers of the past, for checkpoints.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <torch/optim/optimizer.h>

#include "common/safetensors.h"

namespace autoencoder {

/// An optimizer of ours: what it remembers is there from the beginning.
class RememberingOptimizer : public torch::optim::Optimizer {
 public:
  using Optimizer::Optimizer;

  /// By name, the tensors of all parameters in their order, or one for all of them. They share the
  /// optimizer's memory.
  virtual std::vector<std::pair<std::string, std::vector<torch::Tensor>>> memory() const = 0;
};

/// "first_moments.0" and so on, of any optimizer that make_optimizer makes. Shares its memory.
NamedTensors optimizer_state(const torch::optim::Optimizer& optimizer);

/// Puts back what optimizer_state gave. Throws c10::Error where that was of another optimizer, or of other
/// parameters.
void restore_optimizer(torch::optim::Optimizer& optimizer, const NamedTensors& state);

}  // namespace autoencoder
