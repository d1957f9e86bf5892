// A model as it is evaluated, for a while.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <torch/nn/module.h>

namespace autoencoder {

/// While it lives, the model is in evaluation mode; afterwards each of its modules is in its own mode again.
class EvaluationMode {
 public:
  explicit EvaluationMode(torch::nn::Module& model);
  ~EvaluationMode();
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;

 private:
  torch::nn::Module& model_;
  bool was_training_;
  // Parents before their children.
  std::vector<std::pair<std::shared_ptr<torch::nn::Module>, bool>> children_;
};

}  // namespace autoencoder
