// Which parts of a batch each process computes, and how all of them come together.
#pragma once

#include <cstdint>
#include <functional>

#include <torch/types.h>

#include "common/image_shape.h"
#include "data/batch.h"
#include "training/communicator.h"

namespace autoencoder {

/// In how many parts a batch of so many examples of a shape is divided, whoever computes them: one, two, four
/// or eight, and more where they have 128 examples each.
int64_t parts_of_any_batch(int64_t examples, const ImageShape& shape);

/// Of a batch in a power of two of parts, whose sums are added as in a tree: a process computes branches of
/// the tree, each of parts_of_branch parts. There are at least as many branches as processes, as far as there
/// are parts.
struct PartShare {
  int64_t branches = 1;  ///< of all processes
  int64_t parts_of_branch = 1;
  int64_t first = 0;  ///< branch of this process
  int64_t end = 1;

  int64_t count() const { return end - first; }
  int64_t first_part() const { return first * parts_of_branch; }
  int64_t part_count() const { return count() * parts_of_branch; }
};

/// parts: a power of two.
PartShare share_of(int64_t rank, int64_t processes, int64_t parts);

/// Which of such a batch this process computes; of whom nothing is asked, those of the first part, which show
/// what there is.
Rows own_rows(const Communicator& processes, int64_t examples, const ImageShape& shape);

/// The rows of all processes in the order of their ranks: of each as many of its first ones as count_of says
/// of its share. own: this process's, N x ..., N at least its count.
torch::Tensor gather_rows(Communicator& processes, int64_t parts, const torch::Tensor& own,
                          const std::function<int64_t(const PartShare& share)>& count_of);

}  // namespace autoencoder
