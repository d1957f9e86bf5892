// Where the gradients of a training step come from: one thread, several, a recorded graph.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "models/autoencoder.h"
#include "training/communicator.h"
#include "training/mixed_precision.h"
#include "training/step_recorder.h"

namespace autoencoder {

/// A loss of a batch. An engine may call it on several threads at once, each with its own part and generator:
/// it must then leave LibTorch's oneDNN alone (convolutions, its products in bfloat16), which shares scratch
/// memory between threads that run the same operation.
using LossOf = std::function<Loss(const Batch& batch, const Step& step)>;

/// Used by one thread at a time.
class GradientEngine {
 public:
  virtual ~GradientEngine() = default;

  /// The loss of a batch; its gradients take the place of the parameters'. Moves step.rng on.
  virtual Loss differentiate(const LossOf& loss_of, const std::vector<Tensor>& parameters, const Batch& batch,
                             const Step& step) = 0;

  /// The same loss alone.
  virtual Loss compute(const LossOf& loss_of, const Batch& batch, const Step& step) = 0;

  /// Runs all of a step on a batch, from the loss to the next weights. It is the same `step` in every call.
  virtual void run(const std::function<void(const Batch&)>& step, const Batch& batch) { step(batch); }

  /// Whether a step may be played back: what it reads must then be tensors on the device, and its noise come
  /// from LibTorch's own generator.
  virtual bool plays_back() const { return false; }
};

/// How the work of a step is shared out. The processes outlive the engine.
struct Sharing {
  Communicator& processes = alone();
  bool is_reproducible = false;  ///< the same bits for any number of threads and processes
};

/// The fastest that computes what the model needs. `recorder`, which outlives the
/// engine: null where steps are launched operation by operation. Throws Error where the work of this model
/// cannot be shared out so.
std::unique_ptr<GradientEngine> choose_engine(const Autoencoder& model, Precision precision,
                                              Recorder* recorder, const Sharing& sharing = {});

}  // namespace autoencoder
