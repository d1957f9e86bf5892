#include "training/run_keeper.h"

#include "common/files.h"
#include "training/checkpoint.h"

namespace autoencoder {

Decision RunKeeper::begin(const Workload& /*workload*/, const TrainingState& state) {
  if (!index_) {
    save_last(state);
  } else {  // it may be an epoch behind the checkpoint, or ahead of it
    write_file(run_.metrics(), to_csv(state.history));
  }
  return Decision::kContinue;
}

Decision RunKeeper::epoch_done(TrainingState& state) {
  const std::string name = save(state);
  keep({name, epochs_since_best(state.history) == 0 ? name : index_->best}, state);
  return Decision::kContinue;
}

void RunKeeper::save_last(const TrainingState& state) {
  const std::string name = save(state);
  keep({name, index_ ? index_->best : ""}, state);
}

std::string RunKeeper::save(const TrainingState& state) const {
  std::string name = checkpoint_name(state.epoch, state.batch);
  save_checkpoint(run_.checkpoints() / name, saved_, optimizer_, state);
  return name;
}

void RunKeeper::keep(const CheckpointIndex& index, const TrainingState& state) {
  write_checkpoint_index(run_, index);
  index_ = index;
  write_file(run_.metrics(), to_csv(state.history));
}

}  // namespace autoencoder
