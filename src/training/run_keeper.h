// What training keeps in the run.
#pragma once

#include <optional>
#include <string>

#include "run/checkpoint_index.h"
#include "run/run_directory.h"
#include "run/saved_model.h"
#include "training/trainer.h"

namespace autoencoder {

/// Keeps metrics.csv and the checkpoints of the last and the best epoch.
class RunKeeper : public Observer {
 public:
  RunKeeper(const RunDirectory& run, const SavedModel& saved, const torch::optim::Optimizer& optimizer)
      : run_(run), saved_(saved), optimizer_(optimizer), index_(read_checkpoint_index(run)) {}

  /// From here on the run can be resumed.
  Decision begin(const Workload& workload, const TrainingState& state) override;
  Decision epoch_done(TrainingState& state) override;

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

}  // namespace autoencoder
