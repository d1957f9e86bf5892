// Optimizers by name: LibTorch's own, and two of ours that keep to its interface.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <torch/optim/optimizer.h>

#include "common/options.h"

namespace autoencoder {

enum class OptimizerKind { kAdam, kAdamW, kSgd, kRmsprop, kAdadelta };

/// "adam", "adamw", "sgd", "rmsprop", "adadelta".
Choices<OptimizerKind> optimizer_kinds();

struct OptimizerOptions : Options {
  OptimizerKind optimizer = OptimizerKind::kAdam;
  double learning_rate = 0;
  double momentum = 0.9;
  double weight_decay = 0;

  void visit(OptionVisitor& visitor) override;
};

/// adam and adamw (fused), sgd, rmsprop, adadelta. A learning rate of 0 takes the optimizer's usual one.
/// Parity with torch.optim of the same name and settings.
std::unique_ptr<torch::optim::Optimizer> make_optimizer(const OptimizerOptions& options,
                                                        const std::vector<torch::Tensor>& parameters);

/// The learning rate that `options` asks for: its own, or the usual one of its optimizer.
double base_learning_rate(const OptimizerOptions& options);

void set_learning_rate(torch::optim::Optimizer& optimizer, double learning_rate);

}  // namespace autoencoder
