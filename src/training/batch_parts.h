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
  Step step;      ///< with a generator of its own
  double weight;  ///< of its loss and its gradients among those of the other parts
  Loss loss = {};
  std::vector<Tensor> gradients = {};
};

/// In how many parts a batch of so many examples of a shape is worth being divided, `most` at most.
int64_t worthwhile_parts(int64_t examples, const ImageShape& shape, int64_t most);

/// Of each of the batch's examples.
ImageShape shape_of(const Batch& batch);

/// Which examples of a batch of so many are those of part `index` of `count`.
Rows rows_of_part(int64_t examples, int64_t count, int64_t index);

/// Of a batch the examples `rows` of the whole. Throws c10::Error where they were not read.
Batch narrow_to(const Batch& batch, const Rows& rows);

/// Of a batch in `count` parts those that were read. Each draws from a generator of its own, seeded from that
/// of the step, which moves on.
std::vector<BatchPart> divide(const Batch& batch, const Step& step, const WeightOf& weight_of, int64_t count);

using PartWork = std::function<void(BatchPart& part)>;

/// Computes a part's loss, whose total has no graph then. `loss_of` outlives the work.
PartWork loss_computed_by(const LossOf& loss_of);

/// The same, and the gradients of the total by the part's weight. `parameters` outlive it, too.
PartWork gradients_computed_by(const LossOf& loss_of, const std::vector<Tensor>& parameters);

/// Works on the parts on all threads.
void for_each_at_once(std::span<BatchPart> parts, const PartWork& work);

}  // namespace autoencoder
