#include "tasks/train_watchers.h"

#include <string>

namespace autoencoder {
namespace {

constexpr int64_t kLoggedReconstructions = 10;

}  // namespace

Decision StopOnRequest::decision() {
  was_asked_ = any_of(processes_, was_asked_ || asks_to_stop_());
  return was_asked_ ? Decision::kStop : Decision::kContinue;
}

TrainWatchers::TrainWatchers(TrainingSession& session, const TrainAudience& audience, const RunDirectory* run,
                             Communicator& processes)
    : early_stopping_(session.plan.options.trainer.patience, audience.log),
      stop_(audience.listen(), processes) {
  if (run != nullptr) {
    add_those_who_keep(session, audience, *run);
  }
  all_.insert(all_.end(), {&early_stopping_, &stop_});
}

void TrainWatchers::add_those_who_keep(TrainingSession& session, const TrainAudience& audience,
                                       const RunDirectory& run) {
  if (audience.progress != nullptr) {
    all_.push_back(audience.progress);
  }
  all_.push_back(&lines_.emplace(audience.log));
  if (Observer* watcher = audience.watch ? audience.watch(session, run) : nullptr) {
    all_.push_back(watcher);
  }
  all_.push_back(&keeper_.emplace(run, session.saved, *session.optimizer, session.plan.options.keeping));
  if (session.plan.logs_to(LogKind::kTensorBoard)) {
    all_.push_back(&tensorboard_.emplace(run, *session.saved.model,
                                         first_images(session.data.pictured(), kLoggedReconstructions)));
  }
  if (const std::string& file = session.plan.options.metrics_file; !file.empty()) {
    all_.push_back(&metrics_.emplace(file, run.path().string()));
  }
}

void TrainWatchers::end(const TrainingState& state) {
  if (keeper_) {
    keeper_->save_last(state);
  }
  if (metrics_) {
    metrics_->end(state);
  }
}

}  // namespace autoencoder
