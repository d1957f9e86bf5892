#include "training/optimizer.h"

#include <torch/optim.h>

#include "training/adadelta.h"
#include "training/fused_adam.h"

namespace autoencoder {
namespace {

double usual_learning_rate(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::kSgd:
      return 0.1;
    case OptimizerKind::kAdadelta:
      return 1;
    default:
      return 1e-3;
  }
}

}  // namespace

Choices<OptimizerKind> optimizer_kinds() {
  return {{"adam", OptimizerKind::kAdam},
          {"adamw", OptimizerKind::kAdamW},
          {"sgd", OptimizerKind::kSgd},
          {"rmsprop", OptimizerKind::kRmsprop},
          {"adadelta", OptimizerKind::kAdadelta}};
}

void OptimizerOptions::visit(OptionVisitor& visitor) {
  visitor.choice("optimizer", optimizer, "adam, adamw, sgd, rmsprop or adadelta", optimizer_kinds());
  visitor.option("learning-rate", learning_rate,
                 "step size; 0: the optimizer's usual one (adam, adamw, rmsprop 0.001, sgd 0.1, adadelta 1)",
                 {.min = 0, .max = 1e38, .open_above = true, .choices = {}});
  visitor.option("momentum", momentum, "momentum of sgd", fraction());
  visitor.option("weight-decay", weight_decay, "L2 penalty on the weights (adamw: decoupled decay)",
                 between(0, kLargestWeight));
}

std::unique_ptr<torch::optim::Optimizer> make_optimizer(const OptimizerOptions& options,
                                                        const std::vector<torch::Tensor>& parameters) {
  const double rate = base_learning_rate(options);
  const double decay = options.weight_decay;
  if (options.optimizer == OptimizerKind::kSgd) {
    return std::make_unique<torch::optim::SGD>(
        parameters, torch::optim::SGDOptions(rate).momentum(options.momentum).weight_decay(decay));
  }
  if (options.optimizer == OptimizerKind::kRmsprop) {
    return std::make_unique<torch::optim::RMSprop>(parameters,
                                                   torch::optim::RMSpropOptions(rate).weight_decay(decay));
  }
  if (options.optimizer == OptimizerKind::kAdadelta) {
    return std::make_unique<Adadelta>(parameters, AdadeltaOptions(rate, decay));
  }
  const auto decay_kind =
      options.optimizer == OptimizerKind::kAdamW ? WeightDecay::kDecoupled : WeightDecay::kL2;
  return std::make_unique<FusedAdam>(parameters, torch::optim::AdamOptions(rate).weight_decay(decay),
                                     decay_kind);
}

double base_learning_rate(const OptimizerOptions& options) {
  return options.learning_rate > 0 ? options.learning_rate : usual_learning_rate(options.optimizer);
}

void set_learning_rate(torch::optim::Optimizer& optimizer, double learning_rate) {
  for (auto& group : optimizer.param_groups()) {
    group.options().set_lr(learning_rate);
  }
  if (auto* adam = dynamic_cast<FusedAdam*>(&optimizer)) {
    adam->pass_on_learning_rate();
  }
}

}  // namespace autoencoder
