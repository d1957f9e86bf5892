// Where a trainer draws its batches from.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "data/batch.h"
#include "data/dataset.h"

namespace autoencoder {

/// A sequence of batches, epoch after epoch.
class Batches {
 public:
  virtual ~Batches() = default;

  /// Begins epoch `epoch` (from 0) after `skip` batches of it: what was drawn before an interruption is not
  /// drawn again.
  virtual void start_epoch(int64_t epoch, int64_t skip = 0) = 0;

  /// The next batch of the epoch, or nothing at its end.
  virtual std::optional<Batch> next() = 0;

  virtual int64_t batch_count() const = 0;    ///< batches in an epoch
  virtual int64_t example_count() const = 0;  ///< examples in an epoch
};

/// Which of a batch of so many examples are read.
using RowsOf = std::function<Rows(int64_t examples)>;

/// All of them.
inline Rows whole_batch(int64_t examples) { return {0, examples}; }

/// Batches of a data set, on the device where its images lie, in another order every epoch: the
/// order is a function of seed and epoch alone. The last batch of an epoch may be smaller, but
/// has more than one example where the others do. Nothing is read but `rows` of each.
///
/// `buffer`: so many examples are shuffled at a time, those of blocks that lie together, for a disk reads
/// what lies together many times as fast; 0: all of them.
std::unique_ptr<Batches> shuffled_batches(const Dataset& data, int64_t batch_size, uint64_t seed,
                                          int64_t buffer = 0, const RowsOf& rows = whole_batch);

/// Batches of a data set in its own order, and of each `rows`.
std::unique_ptr<Batches> sequential_batches(const Dataset& data, int64_t batch_size,
                                            const RowsOf& rows = whole_batch);

/// The same batches, each read by a thread of its own while the one before is worked on. What reading throws,
/// next() throws.
std::unique_ptr<Batches> prefetched(std::unique_ptr<Batches> batches);

/// The data set with images and labels on `device`.
Dataset to_device(const Dataset& data, const torch::Device& device);

}  // namespace autoencoder
