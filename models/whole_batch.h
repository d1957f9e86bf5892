// What a loss asks of the whole batch, of which threads and processes compute parts (Division).
#pragma once

#include <cstdint>
#include <functional>

#include <torch/types.h>

namespace autoencoder {

/// A part's way to the others of its batch. All parts ask the same in the same order.
class OtherParts {
 public:
  virtual ~OtherParts() = default;

  /// What every part gives, in the order of the parts: own is of one shape and type in all of them, on the
  /// CPU; parts x that shape. Waits for the last of them. Throws where one of them has failed.
  virtual torch::Tensor gather(const torch::Tensor& own) = 0;

  /// Whether it is this part that changes this process's model.
  virtual bool keeps_model() const = 0;
};

/// While one lives, this thread computes a part of a batch.
class PartOfBatch {
 public:
  explicit PartOfBatch(OtherParts& others);
  ~PartOfBatch();
  PartOfBatch(const PartOfBatch&) = delete;
  PartOfBatch& operator=(const PartOfBatch&) = delete;
};

/// Whether this thread computes a part of a batch; where it does not, what it has is the whole.
bool is_part_of_batch();

/// What all parts have, end to end along the first dimension: K x ... -> parts * K x ..., without gradients.
torch::Tensor gather_over_batch(const torch::Tensor& own);

/// The sum of what all parts have, of any shape. Differentiable any number of times: what any part's loss
/// makes of the sum comes back to every part.
torch::Tensor sum_over_batch(const torch::Tensor& own);

/// The mean over the examples of the whole batch: N x ... -> ...
torch::Tensor mean_over_batch(const torch::Tensor& examples);

/// How many examples the whole batch has, of which this part has `own`.
int64_t examples_of_batch(int64_t own);

/// What the first part has: of noise that the whole batch shares.
torch::Tensor of_first_part(const torch::Tensor& own);

/// Runs `change` once in each process, when all parts have come here; none of them reads what it writes
/// before the next step.
void change_model(const std::function<void()>& change);

}  // namespace autoencoder
