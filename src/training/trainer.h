// The training loop: batches -> loss -> step -> validate, epoch after epoch. What watches it is handed in.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <torch/optim/optimizer.h>

#include "common/options.h"
#include "data/augmentation.h"
#include "data/batches.h"
#include "data/corruption.h"
#include "models/autoencoder.h"
#include "run/history.h"
#include "training/gradient_engine.h"
#include "training/loss_meter.h"
#include "training/optimizer.h"
#include "training/schedule.h"

namespace autoencoder {

enum class CudaGraph { kAuto, kOn, kOff };

struct TrainerOptions : Options {
  int64_t epochs = 20;
  int64_t batch_size = 256;
  std::string augment = "none";
  InputOptions input;
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  double clip_norm = 0;
  int64_t patience = 0;
  Precision precision = Precision::kFloat32;
  CudaGraph cuda_graph = CudaGraph::kAuto;
  bool reproducible = false;

  void visit(OptionVisitor& visitor) override;

  /// Whether each step on `device` is to be launched as one CUDA graph. Throws Error where that was asked for
  /// and cannot be.
  bool uses_cuda_graph(const torch::Device& device) const;
};

/// How far training has come: with the weights and the optimizer, all that is needed to go on with the very
/// next batch.
struct TrainingState {
  int64_t epoch = 0;    ///< epochs finished
  int64_t batch = 0;    ///< batches of the present epoch finished
  double seconds = 0;   ///< spent training in the present epoch
  LossMeter meter;      ///< of the present epoch
  at::Generator noise;  ///< what losses draw from, on the model's device
  History history;      ///< of the finished epochs
};

/// What a trainer works with. Owned by the caller, and outlives it.
struct TrainingParts {
  Autoencoder& model;
  torch::optim::Optimizer& optimizer;
  Batches& train;
  Batches* validation;           ///< null where nothing is held out
  Recorder* recorder = nullptr;  ///< of the training step; null where it is launched operation by operation
  Communicator& processes = alone();  ///< that train the same model
};

enum class Decision { kContinue, kStop };

/// How much there is to do.
struct Workload {
  int64_t epochs = 0;
  int64_t batches_per_epoch = 0;
  int64_t examples_per_epoch = 0;
  std::string noun = "image";  ///< what an example is called
};

/// Watches training, and may end it. Called in the order in which observers were handed in.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Before the first step. kStop: nothing is trained.
  virtual Decision begin(const Workload& /*workload*/, const TrainingState& /*state*/) {
    return Decision::kContinue;
  }
  /// After every step. kStop ends training here, in the middle of the epoch.
  virtual Decision step_done(TrainingState& /*state*/) { return Decision::kContinue; }
  /// After every epoch; its record is the last of the history. kStop ends training.
  virtual Decision epoch_done(TrainingState& /*state*/) { return Decision::kContinue; }
};

enum class Outcome {
  kFinished,     ///< all epochs are done, or an observer has seen enough after one
  kInterrupted,  ///< an observer stopped it in the middle of an epoch
};

class Trainer {
 public:
  /// `seed` gives validation its noise, the same in every epoch.
  Trainer(TrainingParts parts, const TrainerOptions& options, uint64_t seed);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Trains from `state` on to the last epoch. Leaves the model in training mode.
  /// Throws Error where a loss is not finite; the state is then of no use.
  Outcome run(TrainingState& state, const std::vector<Observer*>& observers);

 private:
  Outcome train_epoch(TrainingState& state, const std::vector<Observer*>& observers);
  void train_step(TrainingState& state, const Batch& batch);
  void advance(TrainingState& state, const Batch& batch);
  Loss differentiate(const Batch& batch, const Step& step);
  void learn();
  LossMeans validate();
  EpochRecord finish_epoch(TrainingState& state);
  LossOf loss_of(const Objective& objective, const Augmentation& augmentation);
  Workload workload() const;
  Position position(const TrainingState& state) const;
  double learning_rate(const TrainingState& state) const;
  void require_finite(const TrainingState& state) const;

  TrainingParts parts_;
  TrainerOptions options_;
  Augmentation augmentation_;
  Corruption corruption_;
  torch::Device device_;
  MixedPrecision precision_;
  std::vector<Objective> objectives_;
  std::vector<Tensor>
      learned_;  // of all objectives; none where prepare() has learned all that there is to learn
  std::unique_ptr<GradientEngine> engine_;
  Tensor progress_;  // of training, a scalar where the step reads it
  uint64_t validation_seed_;
};

}  // namespace autoencoder
