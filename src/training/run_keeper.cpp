#include "training/run_keeper.h"

#include <algorithm>
#include <exception>
#include <ratio>
#include <vector>

#include "common/files.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kShortestInterval = std::chrono::seconds(1);  // between checkpoints of epochs
constexpr double kMostKept = 10'000;

}  // namespace

void KeepingOptions::visit(OptionVisitor& visitor) {
  visitor.option("checkpoint-every", checkpoint_every,
                 "when to keep a checkpoint: some of epochs:N, steps:N and minutes:X, with commas between");
  visitor.option("keep-checkpoints", keep_checkpoints,
                 "how many of the latest checkpoints stay beside the best one", between(1, kMostKept));
}

RunKeeper::~RunKeeper() {
  try {
    if (best_) {
      const std::string name = write_best();
      keep(name, name);
    }
  } catch (const std::exception&) {  // another one is on its way
  }
}

Decision RunKeeper::begin(const Workload& workload, const TrainingState& state) {
  steps_per_epoch_ = workload.batches_per_epoch;
  if (!index_) {
    save_last(state);
  } else {  // it may be an epoch behind the checkpoint, or ahead of it
    write_file(run_.metrics(), to_csv(state.history));
    kept_ = Clock::now();
  }
  return Decision::kContinue;
}

Decision RunKeeper::step_done(TrainingState& state) {
  if (is_due_in_epoch(state) && !state.meter.first_bad_step()) {
    save_last(state);
  }
  return Decision::kContinue;
}

Decision RunKeeper::epoch_done(TrainingState& state) {
  if (is_due_after_epoch(state)) {
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
  keep(name, is_best ? name : best);
  write_file(run_.metrics(), to_csv(state.history));
}

bool RunKeeper::is_due_in_epoch(const TrainingState& state) const {
  const int64_t steps = state.epoch * steps_per_epoch_ + state.batch;
  const auto since_kept = std::chrono::duration<double, std::ratio<60>>(Clock::now() - kept_);
  return (interval_.steps > 0 && steps % interval_.steps == 0) ||
         (interval_.minutes > 0 && since_kept.count() >= interval_.minutes);
}

bool RunKeeper::is_due_after_epoch(const TrainingState& state) const {
  return interval_.epochs > 0 && state.epoch % interval_.epochs == 0 &&
         Clock::now() - kept_ >= kShortestInterval;
}

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

void RunKeeper::keep(const std::string& last, const std::string& best) {
  CheckpointIndex index = {last, best};
  if (index_) {
    index.earlier = index_->earlier;
    index.earlier.insert(index.earlier.begin(), index_->last);
    std::erase(index.earlier, last);
    index.earlier.resize(std::min(index.earlier.size(), most_ - 1));
  }
  write_checkpoint_index(run_, index);
  index_ = index;
  kept_ = Clock::now();
}

}  // namespace autoencoder
