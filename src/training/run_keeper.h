// What training keeps in the run.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/archive.h"
#include "run/checkpoint_index.h"
#include "run/run_directory.h"
#include "run/saved_model.h"
#include "training/trainer.h"

namespace autoencoder {

/// Keeps metrics.csv and the checkpoints of the last and the best epoch: once a second at most, for what is
/// safe from a power cut takes longer than many a small epoch. Until then the best one waits in memory.
class RunKeeper : public Observer {
 public:
  RunKeeper(const RunDirectory& run, const SavedModel& saved, const torch::optim::Optimizer& optimizer)
      : run_(run), saved_(saved), optimizer_(optimizer), index_(read_checkpoint_index(run)) {}
  RunKeeper(const RunKeeper&) = delete;
  RunKeeper& operator=(const RunKeeper&) = delete;

  /// Where training ended with an exception, what it has learned since the last checkpoint is nothing that
  /// can be gone on from: keeps the best one as the last.
  ~RunKeeper() override;

  /// From here on the run can be resumed.
  Decision begin(const Workload& workload, const TrainingState& state) override;
  Decision epoch_done(TrainingState& state) override;

  /// The checkpoint of this very step. Training calls it when it has ended, wherever that is.
  void save_last(const TrainingState& state);

 private:
  struct WaitingCheckpoint {
    std::string name;
    Archive archive;
  };

  bool is_due() const;
  WaitingCheckpoint copy_of(const TrainingState& state) const;
  std::string write_best();
  void keep(const CheckpointIndex& index);

  RunDirectory run_;
  const SavedModel& saved_;
  const torch::optim::Optimizer& optimizer_;
  std::optional<CheckpointIndex> index_;
  std::optional<WaitingCheckpoint> best_;
  std::chrono::steady_clock::time_point kept_;
};

}  // namespace autoencoder
