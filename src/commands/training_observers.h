// What watches training on behalf of `autoencoder train`.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/interrupt.h"
#include "common/log.h"
#include "run/checkpoint_index.h"
#include "run/event_file.h"
#include "run/run_directory.h"
#include "run/saved_model.h"
#include "training/trainer.h"

namespace autoencoder {

/// One line an epoch (of more than a hundred epochs, every so many): losses, their parts, the best so far
/// marked, time and speed.
class EpochLines : public Observer {
 public:
  /// noun: what an example is called.
  EpochLines(Log& log, int64_t epochs, std::string noun)
      : log_(log), epochs_(epochs), noun_(std::move(noun)) {}
  Verdict epoch_done(TrainingState& state) override;

 private:
  Log& log_;
  int64_t epochs_;
  std::string noun_;
};

/// Keeps metrics.csv and the checkpoints of the last and the best epoch.
class RunKeeper : public Observer {
 public:
  RunKeeper(const RunDirectory& run, const SavedModel& saved, const torch::optim::Optimizer& optimizer)
      : run_(run), saved_(saved), optimizer_(optimizer), index_(read_checkpoint_index(run)) {}

  /// Before the first step: from here on the run can be resumed.
  void begin(const TrainingState& state);

  Verdict epoch_done(TrainingState& state) override;

  /// The checkpoint of this very step.
  void save_last(const TrainingState& state);

 private:
  std::string save(const TrainingState& state) const;
  void keep(const CheckpointIndex& index, const TrainingState& state);

  RunDirectory run_;
  const SavedModel& saved_;
  const torch::optim::Optimizer& optimizer_;
  std::optional<CheckpointIndex> index_;
};

/// Writes losses, learning rate and speed of each epoch, and some reconstructions, for TensorBoard.
class TensorBoardLog : public Observer {
 public:
  /// pictured: N x C x H x W, on the model's device; it is not drawn where it is no pictures, or the build
  /// draws none.
  TensorBoardLog(const RunDirectory& run, Autoencoder& model, const torch::Tensor& pictured)
      : file_(run.tensorboard()), model_(model), pictured_(pictured) {}

  Verdict epoch_done(TrainingState& state) override;

 private:
  void add_losses(const std::string& split, const LossMeans& means, int64_t epoch);
  void add_reconstructions(int64_t epoch);

  EventFile file_;
  Autoencoder& model_;
  torch::Tensor pictured_;
};

/// Stops after `patience` epochs without a smaller monitored loss (Prechelt 1998).
class EarlyStopping : public Observer {
 public:
  EarlyStopping(int64_t patience, Log& log) : patience_(patience), log_(log) {}

  /// Whether training has waited long enough; a resumed run may have before it begins.
  bool is_over(const TrainingState& state) const;
  Verdict epoch_done(TrainingState& state) override;

 private:
  int64_t patience_;
  Log& log_;
};

/// Stops after the step in which a signal came.
class Interruption : public Observer {
 public:
  explicit Interruption(const InterruptGuard& guard) : guard_(guard) {}
  Verdict step_done(TrainingState& /*state*/) override { return verdict(); }
  Verdict epoch_done(TrainingState& /*state*/) override { return verdict(); }

 private:
  Verdict verdict() const { return guard_.signal() == 0 ? Verdict::kContinue : Verdict::kStop; }

  const InterruptGuard& guard_;
};

}  // namespace autoencoder
