// Adadelta (Zeiler 2012, algorithm 1), which LibTorch lacks.
#pragma once

#include <memory>
#include <vector>

#include <torch/optim/optimizer.h>

#include "training/optimizer_state.h"

namespace autoencoder {

struct AdadeltaOptions : public torch::optim::OptimizerCloneableOptions<AdadeltaOptions> {
  AdadeltaOptions(double learning_rate = 1, double weight_decay = 0)
      : learning_rate(learning_rate), weight_decay(weight_decay) {}

  double get_lr() const override { return learning_rate; }
  void set_lr(const double rate) override { learning_rate = rate; }

  double learning_rate;
  double weight_decay;
  double rho = 0.9;
  double epsilon = 1e-6;
};

/// Numbers as torch.optim.Adadelta. All parameters must have gradients.
class Adadelta : public RememberingOptimizer {
 public:
  Adadelta(std::vector<torch::Tensor> parameters, const AdadeltaOptions& options);

  torch::Tensor step(LossClosure closure = nullptr) override;
  std::vector<std::pair<std::string, std::vector<torch::Tensor>>> memory() const override;

 private:
  std::vector<torch::Tensor> square_averages_;     // of gradients
  std::vector<torch::Tensor> accumulated_deltas_;  // averages of squared updates
};

}  // namespace autoencoder
