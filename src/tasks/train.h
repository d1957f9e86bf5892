// Training: from a plan to a run.
#pragma once

#include <functional>

#include "common/log.h"
#include "run/run_directory.h"
#include "tasks/train_plan.h"
#include "training/communicator.h"
#include "training/trainer.h"

namespace autoencoder {

struct TrainingSession;

/// Whether training is to end with the present step. The run can be resumed then.
using AsksToStop = std::function<bool()>;

/// Who hears of training while it goes on, and may end it.
struct TrainAudience {
  Log& log;
  Observer* progress = nullptr;  ///< null where nobody watches the steps
  /// Called once the run is there: who else watches, or null.
  std::function<Observer*(const TrainingSession& session, const RunDirectory& run)> watch = nullptr;
  /// Called before the first step; what it returns lives as long as the steps go on.
  std::function<AsksToStop()> listen = [] { return AsksToStop([] { return false; }); };
};

struct TrainResult {
  RunDirectory run;                   ///< of no process but the first that there are
  bool is_stopped = false;            ///< before its end, as it was asked to
  bool has_failed_elsewhere = false;  ///< in another process, which says why
};

/// Says what train_run would begin with: the model, the data, and the memory that training will take. Leaves
/// nothing on disk. Throws Error as train_run before its first step.
void describe_training(const TrainPlan& plan, Log& log);

/// Trains the model of the plan on its data, and leaves a run: config, checkpoints, losses, pictures, a page
/// and the exported files. Throws Error where the plan cannot be carried out, and where a result could not be
/// written; the run is trained and saved then.
///
/// `processes`: all of them call it with the same plan, and compute parts of each batch; what is left and
/// said is of the first. Each finds the data, and the run that is resumed, at the same path.
TrainResult train_run(const TrainPlan& plan, const TrainAudience& audience,
                      Communicator& processes = alone());

}  // namespace autoencoder
