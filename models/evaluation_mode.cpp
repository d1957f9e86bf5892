#include "models/evaluation_mode.h"

namespace autoencoder {

EvaluationMode::EvaluationMode(torch::nn::Module& model) : model_(model), was_training_(model.is_training()) {
  for (const auto& module : model.modules(/*include_self=*/false)) {
    children_.emplace_back(module, module->is_training());
  }
  model.eval();
}

EvaluationMode::~EvaluationMode() {
  model_.train(was_training_);
  for (const auto& [module, was_training] : children_) {
    module->train(was_training);
  }
}

}  // namespace autoencoder
