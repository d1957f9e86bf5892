// Training in a few lines, for tests of what a model learns.
#pragma once

#include <torch/optim/adam.h>
#include <torch/types.h>

#include "common/random.h"
#include "models/autoencoder.h"

namespace autoencoder::testing {

/// Shows the model one batch, clean, `steps` times, as the trainer does; each step has its own noise.
inline void train(Autoencoder& model, const torch::Tensor& batch, int steps, double learning_rate) {
  torch::optim::Adam optimizer(model.parameters(), torch::optim::AdamOptions(learning_rate));
  for (int count = 0; count < steps; ++count) {
    const Step step = {make_generator(static_cast<uint64_t>(count)),
                       torch::tensor(static_cast<double>(count) / steps)};
    optimizer.zero_grad();
    if (const torch::Tensor loss = model.loss({batch, batch, {}}, step).total; loss.requires_grad()) {
      loss.backward();
      optimizer.step();
    }
    const torch::NoGradGuard no_grad;
    model.after_step(step);
  }
}

}  // namespace autoencoder::testing
