// A training step that is launched as one piece of work: on a GPU the dozens of small operations of a step
// cost more time to launch than to compute.
#pragma once

#include <functional>
#include <memory>

#include "models/autoencoder.h"

namespace autoencoder {

/// Records work on a device, and plays it back on the same memory.
class Recorder {
 public:
  virtual ~Recorder() = default;

  /// Calls `work` once, to see what it launches: nothing is computed. Where that cannot be recorded (it waits
  /// for the device, mostly) nothing is: throws c10::Error, or Error where LibTorch cannot go on after it.
  virtual void record(const std::function<void()>& work) = 0;

  /// Computes what was recorded, reading and writing the memory that it did when it was.
  virtual void replay() = 0;
};

/// A CUDA graph on `device`. Until it dies, all that this thread launches there goes to a stream of its own,
/// as recording demands. Null where this build or the device knows no CUDA.
std::unique_ptr<Recorder> make_cuda_graph(const torch::Device& device);

/// Work on batches that is played back rather than launched anew, wherever batches have the same sizes.
class RecordedStep {
 public:
  using Work = std::function<void(const Batch& batch)>;

  /// `work` may depend on nothing that is not a tensor: numbers are recorded as they were. `recorder`
  /// outlives this.
  RecordedStep(Recorder& recorder, Work work) : recorder_(recorder), work_(std::move(work)) {}

  /// The work on a batch: launched as it is for the first batches (libraries set themselves up in them) and
  /// for smaller ones, else played back. Where it cannot be recorded it is launched as it is for good, which
  /// standard error says.
  void run(const Batch& batch);

 private:
  bool fits_inputs(const Batch& batch) const;
  void copy_inputs(const Batch& batch);
  void record();

  Recorder& recorder_;
  Work work_;
  Batch inputs_;  // the memory that recorded work reads
  int64_t launched_ = 0;
  enum class Mode { kToRecord, kRecorded, kPlain } mode_ = Mode::kToRecord;
};

}  // namespace autoencoder
