// Adam (Kingma & Ba 2015, algorithm 1) and AdamW (Loshchilov & Hutter 2019, algorithm 2), one fused pass over
// each parameter by LibTorch's own kernels, on CPU and CUDA. torch::optim::Adam takes a dozen passes.
#pragma once

#include <vector>

#include <torch/optim/adam.h>

#include "training/optimizer_state.h"

namespace autoencoder {

enum class WeightDecay { kL2, kDecoupled };

/// Numbers as torch.optim.Adam / AdamW with fused=True. All parameters must have gradients of their own
/// dtype.
class FusedAdam : public RememberingOptimizer {
 public:
  FusedAdam(std::vector<torch::Tensor> parameters, const torch::optim::AdamOptions& options,
            WeightDecay decay);

  torch::Tensor step(LossClosure closure = nullptr) override;

  /// Takes the learning rate of the options to where step() reads it: on a GPU that is the device, so that a
  /// recorded step can be played back with another one.
  void pass_on_learning_rate();

  std::vector<std::pair<std::string, std::vector<torch::Tensor>>> memory() const override;

 private:
  WeightDecay decay_;
  std::vector<torch::Tensor> first_moments_;
  std::vector<torch::Tensor> second_moments_;
  torch::Tensor step_count_;     // float32 scalars on the device, as the kernels take them
  torch::Tensor learning_rate_;  // undefined on the CPU, where the options have it
};

}  // namespace autoencoder
