// A step of training whose bits are the same for any number of threads and of processes.
#pragma once

#include <vector>

#include "training/batch_parts.h"
#include "training/communicator.h"
#include "training/gradient_engine.h"

namespace autoencoder {

/// On the CPU: a batch is divided into one, two, four or eight parts by its size alone, each with noise of
/// its own, and what they give is added as in a tree, two and two and then these. Threads compute parts, and
/// processes branches of the tree, which they tell each other; wherever that is done, the sums are the same.
/// The loss must be one that can be divided (Autoencoder::can_divide_batches). Every process is given the
/// whole batch.
class ReproducibleEngine : public GradientEngine {
 public:
  ReproducibleEngine(WeightOf weight_of, Communicator& processes)
      : weight_of_(std::move(weight_of)), processes_(processes) {}

  Loss differentiate(const LossOf& loss_of, const std::vector<Tensor>& parameters, const Batch& batch,
                     const Step& step) override;
  Loss compute(const LossOf& loss_of, const Batch& batch, const Step& step) override;

 private:
  WeightOf weight_of_;
  Communicator& processes_;
};

}  // namespace autoencoder
