#include "training/run_keeper.h"

#include <exception>

#include "common/files.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

constexpr auto kInterval = std::chrono::seconds(1);

}  // namespace

RunKeeper::~RunKeeper() {
  try {
    if (best_) {
      const std::string name = write_best();
      keep({name, name});
    }
  } catch (const std::exception&) {  // another one is on its way
  }
}

Decision RunKeeper::begin(const Workload& /*workload*/, const TrainingState& state) {
  if (!index_) {
    save_last(state);
  } else {  // it may be an epoch behind the checkpoint, or ahead of it
    write_file(run_.metrics(), to_csv(state.history));
  }
  return Decision::kContinue;
}

Decision RunKeeper::epoch_done(TrainingState& state) {
  if (is_due()) {
    save_last(state);
  } else if (epochs_since_best(state.history) == 0) {
    best_ = copy_of(state);
  }
  return Decision::kContinue;
}

void RunKeeper::save_last(const TrainingState& state) {
  const std::string name = checkpoint_name(state.epoch, state.batch);
  if (index_ && index_->last == name) {
    return;  // the last epoch's, which was due
  }
  const bool is_best = state.batch == 0 && !state.history.empty() && epochs_since_best(state.history) == 0;
  if (is_best) {
    best_.reset();
  }
  const std::string best = best_ ? write_best() : index_ ? index_->best : "";
  save_checkpoint(run_.checkpoints() / name, saved_, optimizer_, state);
  keep({name, is_best ? name : best});
  write_file(run_.metrics(), to_csv(state.history));
}

bool RunKeeper::is_due() const { return std::chrono::steady_clock::now() - kept_ >= kInterval; }

RunKeeper::WaitingCheckpoint RunKeeper::copy_of(const TrainingState& state) const {
  WaitingCheckpoint copy = {checkpoint_name(state.epoch, state.batch),
                            checkpoint_of(saved_, optimizer_, state)};
  for (auto& [name, tensor] : copy.archive.tensors) {
    tensor = tensor.detach().clone();
  }
  return copy;
}

std::string RunKeeper::write_best() {
  const std::string name = best_->name;
  write_archive(run_.checkpoints() / name, best_->archive);
  best_.reset();
  return name;
}

void RunKeeper::keep(const CheckpointIndex& index) {
  write_checkpoint_index(run_, index);
  index_ = index;
  kept_ = std::chrono::steady_clock::now();
}

}  // namespace autoencoder
