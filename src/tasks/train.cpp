#include "tasks/train.h"

#include <optional>
#include <vector>

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/files.h"
#include "common/memory.h"
#include "common/text.h"
#include "data/split_file.h"
#include "models/registry.h"
#include "models/summary.h"
#include "run/checkpoint_index.h"
#include "tasks/environment.h"
#include "tasks/tensorboard_log.h"
#include "tasks/train_results.h"
#include "tasks/training_memory.h"
#include "tasks/training_session.h"
#include "training/early_stopping.h"
#include "training/epoch_lines.h"
#include "training/run_keeper.h"

namespace autoencoder {
namespace {

constexpr int64_t kLoggedReconstructions = 10;

// Ends training after the step in which that is asked for.
class StopOnRequest : public Observer {
 public:
  explicit StopOnRequest(AsksToStop asks_to_stop) : asks_to_stop_(std::move(asks_to_stop)) {}

  Decision step_done(TrainingState& /*state*/) override { return decision(); }
  Decision epoch_done(TrainingState& /*state*/) override { return decision(); }
  bool was_asked() const { return was_asked_; }

 private:
  Decision decision() {
    was_asked_ = was_asked_ || asks_to_stop_();
    return was_asked_ ? Decision::kStop : Decision::kContinue;
  }

  AsksToStop asks_to_stop_;
  bool was_asked_ = false;
};

// What the run keeps: it finds its data from any folder.
Json kept_config(TrainPlan plan) {
  plan.options.data.source = located(plan.options.data.source);
  return plan.config();
}

// The run's folder, in this process's hands from now on.
ClaimedRun make_run(const TrainPlan& plan, const std::string& source_name) {
  const std::string& out = plan.options.out;
  if (out.empty()) {
    return create_next_run(as_file_name(plan.options.model + "-" + source_name), kept_config(plan));
  }
  return create_run(out, kept_config(plan),
                    plan.options.force ? ExistingRun::kReplace : ExistingRun::kRefuse);
}

// A model's description tells of its usual options, and is told where they are those.
std::string model_text(const Json& options) {
  const ModelEntry entry = find_model(options.at("model"));
  if (resolve_model({{"model", entry.name}}) == options) {
    return entry.description;
  }
  return fmt::format("{} family, {} backbone", entry.family, options.at("backbone").get<std::string>());
}

void announce(Log& log, const TrainingSession& session) {
  const TrainingData& data = session.data;
  log.say(fmt::format("model {}: {}\n{}", session.plan.options.model, model_text(session.plan.model),
                      summarise(*session.saved.model)));
  log.say(fmt::format(
      "data {}: {} training and {} of {}; device {}", data.source_name, with_thousands(data.train.size()),
      counted(data.validation.size(), fmt::format("validation {}", data.train.shape().noun())),
      data.train.shape().text(), device_text(data.train.images.device())));
  for (const std::string& note : data.notes) {
    log.say("note: " + note);
  }
  if (session.plan.resumes()) {
    log.say(fmt::format("going on with {} after epoch {}, step {}", session.plan.options.resume,
                        session.state.epoch, session.state.batch));
  }
}

int64_t bytes_of_series(const SeriesSet& set) {
  int64_t bytes = 0;
  for (const Series& series : set.series) {
    bytes += static_cast<int64_t>(series.steps.nbytes());
  }
  return bytes;
}

// Of examples that wait for a disk only those of a batch are in memory, of windows the series that they show.
int64_t bytes_in_memory(const Dataset& data) {
  if (data.windows.defined()) {
    return bytes_of_series(*data.windows.of);
  }
  const bool are_elsewhere = data.empty() || data.images.may_wait();
  return are_elsewhere
             ? 0
             : data.size() * data.shape().size() * static_cast<int64_t>(c10::elementSize(data.images.type()));
}

// What may have to wait for a disk is read ahead.
std::unique_ptr<Batches> ahead_of_disk(const Examples& examples, std::unique_ptr<Batches> batches) {
  return examples.may_wait() ? prefetched(std::move(batches)) : std::move(batches);
}

// Trains to the end, or until it is asked to stop; whether it was.
bool train(TrainingSession& session, const TrainAudience& audience, const RunDirectory& run) {
  const TrainerOptions& options = session.plan.options.trainer;
  const auto seed = static_cast<uint64_t>(session.plan.options.seed);
  const auto batches = ahead_of_disk(session.data.train.images,
                                     shuffled_batches(session.data.train, options.batch_size, seed));
  const auto validation =
      session.data.validation.empty()
          ? nullptr
          : ahead_of_disk(session.data.validation.images,
                          sequential_batches(session.data.validation, options.batch_size));

  EpochLines lines(audience.log);
  RunKeeper keeper(run, session.saved, *session.optimizer);
  EarlyStopping early_stopping(options.patience, audience.log);
  StopOnRequest stop(audience.listen());
  std::vector<Observer*> observers = {&lines, &keeper, &early_stopping, &stop};
  if (audience.progress != nullptr) {
    observers.insert(observers.begin(), audience.progress);
  }
  std::optional<TensorBoardLog> tensorboard;
  if (session.plan.logs_to_tensorboard()) {
    tensorboard.emplace(run, *session.saved.model,
                        first_images(session.data.pictured(), kLoggedReconstructions));
    observers.push_back(&*tensorboard);
  }

  Trainer trainer(
      {*session.saved.model, *session.optimizer, *batches, validation.get(), session.recorder.get()}, options,
      seed);
  trainer.run(session.state, observers);
  keeper.save_last(session.state);
  return stop.was_asked() && session.state.epoch < options.epochs;
}

// What the run's folder holds beside its config before the first step: with both, every later step can be
// resumed.
void write_beginning(const RunDirectory& run, const TrainingSession& session) {
  write_environment(run, present_environment(session.data.train.images.device()));
  write_split(run.split(), session.data.split);
  if (session.data.schema) {
    write_schema(run.schema(), *session.data.schema);
  }
  if (session.data.scales) {
    write_file(run.series(), json_text(session.data.scales->to_json(), 2) + "\n");
  }
}

}  // namespace

void describe_training(const TrainPlan& plan, Log& log) {
  std::optional<RunDirectory> resumed;
  if (plan.resumes()) {
    resumed = open_run(plan.options.resume);
  }
  const bool has_checkpoint = resumed && read_checkpoint_index(*resumed);
  const TrainingSession session = open_session(plan, has_checkpoint ? &*resumed : nullptr);
  announce(log, session);
  const int64_t in_memory = bytes_in_memory(session.data.train) + bytes_in_memory(session.data.validation);
  log.say(memory_text(training_memory(*session.saved.model, session.plan.options.trainer, in_memory)));
}

TrainResult train_run(const TrainPlan& plan, const TrainAudience& audience) {
  Log& log = audience.log;
  std::optional<ClaimedRun> claimed;
  if (plan.resumes()) {
    claimed = claim_run(plan.options.resume);
  } else if (!plan.options.out.empty()) {
    check_run_path(plan.options.out, plan.options.force ? ExistingRun::kReplace : ExistingRun::kRefuse);
  }
  const bool has_checkpoint = claimed && read_checkpoint_index(claimed->directory);
  TrainingSession session = open_session(plan, has_checkpoint ? &claimed->directory : nullptr);
  announce(log, session);
  if (claimed) {
    write_config(claimed->directory, kept_config(session.plan));
  } else {
    claimed = make_run(session.plan, session.data.source_name);
  }
  const RunDirectory& directory = claimed->directory;
  write_beginning(directory, session);
  log.open_file(directory.log());
  if (!claimed->replaced.empty()) {
    log.say(fmt::format("what else was in {} lies in {} now", directory.path().string(), claimed->replaced));
  }
  give_back_freed_memory();
  const bool is_stopped = train(session, audience, directory);
  give_back_freed_memory();
  if (is_stopped) {
    log.say(fmt::format("stopped in epoch {} after step {}; saved. Go on with: autoencoder train --resume {}",
                        session.state.epoch + 1, session.state.batch, directory.path().string()));
    return {directory, true};
  }
  write_results(log, directory, session);
  return {directory, false};
}

}  // namespace autoencoder
