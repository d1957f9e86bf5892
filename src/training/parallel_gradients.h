// A step of training on several threads: each computes the loss and the gradients of a part of the batch from
// beginning to end, in place of all waiting for each other in every operation.
#pragma once

#include <utility>
#include <vector>

#include "training/batch_parts.h"
#include "training/gradient_engine.h"

namespace autoencoder {

/// On the CPU: a part for each of LibTorch's threads, and the mean of the parts by their weights. Of a model
/// whose division() is free. What is drawn depends on the number of threads.
class ParallelEngine : public GradientEngine {
 public:
  explicit ParallelEngine(WeightOf weight_of) : weight_of_(std::move(weight_of)) {}

  Loss differentiate(const LossOf& loss_of, const std::vector<Tensor>& parameters, const Batch& batch,
                     const Step& step) override;
  Loss compute(const LossOf& loss_of, const Batch& batch, const Step& step) override;

 private:
  WeightOf weight_of_;
};

}  // namespace autoencoder
