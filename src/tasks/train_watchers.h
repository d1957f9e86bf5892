// Who watches a training: what is said of it, what is kept, what may end it.
#pragma once

#include <optional>
#include <vector>

#include "run/run_directory.h"
#include "tasks/metrics_file.h"
#include "tasks/tensorboard_log.h"
#include "tasks/train.h"
#include "tasks/training_session.h"
#include "training/communicator.h"
#include "training/early_stopping.h"
#include "training/epoch_lines.h"
#include "training/run_keeper.h"

namespace autoencoder {

/// Ends training after the step in which that is asked for, of any process: all end with the same one.
class StopOnRequest : public Observer {
 public:
  StopOnRequest(AsksToStop asks_to_stop, Communicator& processes)
      : asks_to_stop_(std::move(asks_to_stop)), processes_(processes) {}

  Decision step_done(TrainingState& /*state*/) override { return decision(); }
  Decision epoch_done(TrainingState& /*state*/) override { return decision(); }
  bool was_asked() const { return was_asked_; }

 private:
  Decision decision();

  AsksToStop asks_to_stop_;
  Communicator& processes_;
  bool was_asked_ = false;
};

/// All of them, in the order in which they are told: what is kept comes before what may end it. The session
/// and the processes outlive them.
class TrainWatchers {
 public:
  /// `run`: null in all processes but the first, which alone says and keeps something.
  TrainWatchers(TrainingSession& session, const TrainAudience& audience, const RunDirectory* run,
                Communicator& processes);

  const std::vector<Observer*>& all() const { return all_; }
  bool was_asked_to_stop() const { return stop_.was_asked(); }

  /// Training has ended, wherever that is.
  void end(const TrainingState& state);

 private:
  void add_those_who_keep(TrainingSession& session, const TrainAudience& audience, const RunDirectory& run);

  std::optional<EpochLines> lines_;
  std::optional<RunKeeper> keeper_;
  std::optional<TensorBoardLog> tensorboard_;
  std::optional<MetricsFile> metrics_;
  EarlyStopping early_stopping_;
  StopOnRequest stop_;
  std::vector<Observer*> all_;
};

}  // namespace autoencoder
