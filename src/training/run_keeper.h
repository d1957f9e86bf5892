// What training keeps in the run.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/archive.h"
#include "common/options.h"
#include "run/checkpoint_index.h"
#include "run/run_directory.h"
#include "run/saved_model.h"
#include "training/checkpoint_interval.h"
#include "training/trainer.h"

namespace autoencoder {

/// When a run keeps checkpoints, and how many.
struct KeepingOptions : Options {
  std::string checkpoint_every = "epochs:1,minutes:10";
  int64_t keep_checkpoints = 1;

  void visit(OptionVisitor& visitor) override;
};

/// Keeps metrics.csv and the checkpoints of the best epoch and of the last moments that the options name.
/// Epochs shorter than a second share one, for what is safe from a power cut takes longer than many a small
/// epoch: until then the best one waits in memory.
class RunKeeper : public Observer {
 public:
  /// Throws Error on options that are none.
  RunKeeper(const RunDirectory& run, const SavedModel& saved, const torch::optim::Optimizer& optimizer,
            const KeepingOptions& options)
      : run_(run),
        saved_(saved),
        optimizer_(optimizer),
        interval_(checkpoint_interval(options.checkpoint_every)),
        most_(static_cast<size_t>(options.keep_checkpoints)),
        index_(read_checkpoint_index(run)) {}
  RunKeeper(const RunKeeper&) = delete;
  RunKeeper& operator=(const RunKeeper&) = delete;

  /// Where training ended with an exception, what it has learned since the last checkpoint is nothing that
  /// can be gone on from: keeps the best one as the last.
  ~RunKeeper() override;

  /// From here on the run can be resumed.
  Decision begin(const Workload& workload, const TrainingState& state) override;
  Decision step_done(TrainingState& state) override;
  Decision epoch_done(TrainingState& state) override;

  /// The checkpoint of this very step. Training calls it when it has ended, wherever that is.
  void save_last(const TrainingState& state);

 private:
  struct WaitingCheckpoint {
    std::string name;
    Archive archive;
  };

  bool is_due_in_epoch(const TrainingState& state) const;
  bool is_due_after_epoch(const TrainingState& state) const;
  WaitingCheckpoint copy_of(const TrainingState& state) const;
  std::string write_best();
  void keep(const std::string& last, const std::string& best);

  RunDirectory run_;
  const SavedModel& saved_;
  const torch::optim::Optimizer& optimizer_;
  CheckpointInterval interval_;
  size_t most_;
  int64_t steps_per_epoch_ = 0;
  std::optional<CheckpointIndex> index_;
  std::optional<WaitingCheckpoint> best_;
  std::chrono::steady_clock::time_point kept_ = {};
};

}  // namespace autoencoder
