// A step of training whose bits are the same for any number of threads and of processes.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <c10/core/thread_pool.h>

#include "models/division.h"
#include "training/batch_parts.h"
#include "training/communicator.h"
#include "training/gradient_engine.h"

namespace autoencoder {

/// On the CPU: a batch is divided by its size alone (parts_of_any_batch), each part with noise of its own,
/// and what they give is added as in a tree, two and two and then these. Threads compute parts, and processes
/// branches of the tree, which they tell each other; wherever that is done, the sums are the same.
/// division: of the model, not kNone; parts that ask each other meet. Of a batch every process is given its
/// own_rows, or more.
class ReproducibleEngine : public GradientEngine {
 public:
  ReproducibleEngine(WeightOf weight_of, Division division, Communicator& processes)
      : weight_of_(std::move(weight_of)), division_(division), processes_(processes) {}

  Loss differentiate(const LossOf& loss_of, const std::vector<Tensor>& parameters, const Batch& batch,
                     const Step& step) override;
  Loss compute(const LossOf& loss_of, const Batch& batch, const Step& step) override;

 private:
  Loss sum(const std::vector<Tensor>& parameters, const Batch& batch, const Step& step, const PartWork& work);
  void work_on(std::span<BatchPart> own, int64_t parts, const PartWork& work);
  void let_meet(std::span<BatchPart> own, int64_t parts, const PartWork& work);

  WeightOf weight_of_;
  Division division_;
  Communicator& processes_;
  std::unique_ptr<c10::ThreadPool> meeting_threads_;  // from the first meeting on
};

}  // namespace autoencoder
