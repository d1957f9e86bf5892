// A batch in parts that are computed one beside the other, on threads or in processes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "training/gradient_engine.h"

namespace autoencoder {

/// Autoencoder::weight of the model whose loss it is.
using WeightOf = std::function<double(const Batch& part)>;

struct BatchPart {
  Batch batch;
  Step step;     ///< with a generator of its own
  double share;  ///< of the whole batch's weight
  Loss loss = {};
  std::vector<Tensor> gradients = {};
};

/// In how many parts a batch is worth being divided, `most` at most.
int64_t worthwhile_parts(const Batch& batch, int64_t most);

/// The batch in `count` parts. Each draws from a generator of its own, seeded from that of the step, which
/// moves on.
std::vector<BatchPart> divide(const Batch& batch, const Step& step, const WeightOf& weight_of, int64_t count);

using PartWork = std::function<void(BatchPart& part)>;

/// Computes a part's loss, whose total has no graph then. `loss_of` outlives the work.
PartWork loss_computed_by(const LossOf& loss_of);

/// The same, and the gradients of the total by the part's share. `parameters` outlive it, too.
PartWork gradients_computed_by(const LossOf& loss_of, const std::vector<Tensor>& parameters);

/// Works on the parts on all threads.
void for_each_at_once(std::span<BatchPart> parts, const PartWork& work);

}  // namespace autoencoder
