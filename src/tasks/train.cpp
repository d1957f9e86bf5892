#include "tasks/train.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/memory.h"
#include "common/text.h"
#include "data/split_file.h"
#include "models/registry.h"
#include "models/summary.h"
#include "run/checkpoint_index.h"
#include "tasks/device.h"
#include "tasks/environment.h"
#include "tasks/train_results.h"
#include "tasks/train_watchers.h"
#include "tasks/training_memory.h"
#include "tasks/training_session.h"
#include "training/part_shares.h"

namespace autoencoder {
namespace {

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
  return are_elsewhere ? 0 : data.size() * data.images.bytes_of_each();
}

// What may have to wait for a disk is read ahead.
std::unique_ptr<Batches> ahead_of_disk(const Examples& examples, std::unique_ptr<Batches> batches) {
  return examples.may_wait() ? prefetched(std::move(batches)) : std::move(batches);
}

// How many examples to shuffle at a time: those that memory holds, where it was said that it does not hold
// all.
int64_t shuffle_buffer(const TrainingSession& session) {
  const Examples& examples = session.data.train.images;
  const uint64_t bound = memory_bound_of(session.plan.options.device);
  const auto bytes_of_each = static_cast<uint64_t>(examples.bytes_of_each());
  const bool holds_all = bound == 0 || static_cast<uint64_t>(examples.size()) * bytes_of_each <= bound;
  return holds_all || !examples.may_wait()
             ? 0
             : static_cast<int64_t>(std::max<uint64_t>(1, bound / 2 / bytes_of_each));
}

// Trains to the end, or until it is asked to stop; whether it was. `run`: null in all processes but the
// first.
bool train(TrainingSession& session, const TrainAudience& audience, const RunDirectory* run,
           Communicator& processes) {
  const TrainerOptions& options = session.plan.options.trainer;
  const auto seed = static_cast<uint64_t>(session.plan.options.seed);
  const RowsOf own = [&processes, shape = session.data.train.shape()](int64_t examples) {
    return own_rows(processes, examples, shape);
  };
  const auto batches = ahead_of_disk(
      session.data.train.images,
      shuffled_batches(session.data.train, options.batch_size, seed, shuffle_buffer(session), own));
  const auto validation =
      session.data.validation.empty()
          ? nullptr
          : ahead_of_disk(session.data.validation.images,
                          sequential_batches(session.data.validation, options.batch_size, own));

  TrainWatchers watchers(session, audience, run, processes);
  Trainer trainer({*session.saved.model, *session.optimizer, *batches, validation.get(),
                   session.recorder.get(), processes},
                  options, seed);
  trainer.run(session.state, watchers.all());
  watchers.end(session.state);
  return watchers.was_asked_to_stop() && session.state.epoch < options.epochs;
}

// What the run's folder holds beside its config before the first step: with both, every later step can be
// resumed.
void write_beginning(const RunDirectory& run, const TrainingSession& session,
                     const Environment& environment) {
  write_environment(run, environment);
  write_split(run.split(), session.data.split);
  if (session.data.schema) {
    write_schema(run.schema(), *session.data.schema);
  }
  if (const Windows& windows = session.data.train.windows; windows.defined() && windows.of->schema) {
    write_schema(run.schema(), *windows.of->schema);
  }
  if (session.data.scales) {
    write_file(run.series(), json_text(session.data.scales->to_json(), 2) + "\n");
  }
}

// Goes on with what the session opened: where that is not the last checkpoint, those after it are damaged.
void settle_checkpoints(const RunDirectory& run, const TrainingSession& session) {
  if (!session.checkpoint.empty() && session.checkpoint != last_checkpoint(run)) {
    go_back_to(run, session.checkpoint);
  }
}

// The present one, and how long earlier calls took of a run that is resumed.
Environment environment_of(const RunDirectory& run, const torch::Device& device) {
  const Environment present = present_environment(device);
  return joined(present, phases_before(read_environment(run), present));
}

// The run's folder, with what it goes on from.
ClaimedRun begin_or_go_on(std::optional<ClaimedRun> resumed, const TrainingSession& session) {
  if (!resumed) {
    return make_run(session.plan, session.data.source_name);
  }
  settle_checkpoints(resumed->directory, session);
  write_config(resumed->directory, kept_config(session.plan));
  return std::move(*resumed);
}

// That of the plan: of a run that is resumed from its checkpoint, where it has one yet.
TrainingSession open_planned(const TrainPlan& plan) {
  std::optional<RunDirectory> resumed;
  if (plan.resumes()) {
    resumed = open_run(plan.options.resume);
  }
  const bool has_checkpoint = resumed && read_checkpoint_index(*resumed);
  return open_session(plan, has_checkpoint ? &*resumed : nullptr);
}

// What a process works with, or what keeps it from working.
struct Opening {
  std::optional<ClaimedRun> claimed;  // of the first process, where a run is resumed
  std::optional<TrainingSession> session;
  std::exception_ptr failure;
};

Opening open_here(const TrainPlan& plan, const Communicator& processes) {
  Opening opening;
  try {
    if (plan.resumes() && processes.is_first()) {
      opening.claimed = claim_run(plan.options.resume);
    } else if (!plan.resumes() && !plan.options.out.empty()) {
      check_run_path(plan.options.out, plan.options.force ? ExistingRun::kReplace : ExistingRun::kRefuse);
    }
    opening.session = open_planned(plan);
  } catch (const Error&) {
    opening.failure = std::current_exception();
  }
  return opening;
}

// What must be the same in all processes: where training stands, and how the data, which each has read, are
// divided.
torch::Tensor fingerprint(const TrainingSession& session) {
  const std::string digest = session.data.split.source_digest + std::to_string(session.state.epoch) + " " +
                             std::to_string(session.state.batch);
  return torch::tensor(static_cast<int64_t>(std::hash<std::string>()(digest)));
}

// Whether all processes could open what they need. Throws what kept this one where it is the first of those
// that could not, and Error where what they opened differs.
bool is_open_everywhere(const Opening& here, Communicator& processes) {
  const torch::Tensor failed = processes.gather(torch::tensor(here.failure ? 1 : 0));
  if (failed.any().item<bool>()) {
    if (failed.argmax().item<int64_t>() == processes.rank()) {
      std::rethrow_exception(here.failure);
    }
    return false;
  }
  const torch::Tensor found = processes.gather(fingerprint(*here.session));
  if (!found.eq(found[0]).all().item<bool>() && processes.is_first()) {
    throw Error(
        "the processes have not read the same data, or not the same checkpoint; give all the same files");
  }
  return found.eq(found[0]).all().item<bool>();
}

}  // namespace

void describe_training(const TrainPlan& plan, Log& log) {
  const TrainingSession session = open_planned(plan);
  announce(log, session);
  const int64_t in_memory = bytes_in_memory(session.data.train) + bytes_in_memory(session.data.validation);
  log.say(memory_text(training_memory(*session.saved.model, session.plan.options.trainer, in_memory)));
}

TrainResult train_run(const TrainPlan& plan, const TrainAudience& audience, Communicator& processes) {
  Phases phases;
  Opening opening = open_here(plan, processes);
  if (!is_open_everywhere(opening, processes)) {
    return {RunDirectory(""), false, true};
  }
  TrainingSession& session = *opening.session;
  if (!processes.is_first()) {
    return {RunDirectory(""), train(session, audience, nullptr, processes)};
  }
  Log& log = audience.log;
  announce(log, session);
  if (processes.size() > 1) {
    log.say(fmt::format("{} processes, by {}", processes.size(), processes.name()));
  }
  phases.end("opening");
  const ClaimedRun run = begin_or_go_on(std::move(opening.claimed), session);
  const RunDirectory& directory = run.directory;
  const Environment environment = environment_of(directory, session.data.train.images.device());
  write_beginning(directory, session, environment);
  log.open_file(directory.log());
  if (!run.replaced.empty()) {
    log.say(fmt::format("what else was in {} lies in {} now", directory.path().string(), run.replaced));
  }
  give_back_freed_memory();
  const bool is_stopped = train(session, audience, &directory, processes);
  give_back_freed_memory();
  phases.end("training");
  write_environment(directory, joined(environment, phases.entries()));
  if (is_stopped) {
    log.say(fmt::format("stopped in epoch {} after step {}; saved. Go on with: autoencoder train --resume {}",
                        session.state.epoch + 1, session.state.batch, directory.path().string()));
    return {directory, true};
  }
  if (plan.options.bare) {
    log.say(fmt::format("trained and saved; pictures, page and exported files: autoencoder train --resume {}",
                        directory.path().string()));
  } else {
    write_results(log, directory, session);
  }
  phases.end("results");
  write_environment(directory, joined(environment, phases.entries()));
  return {directory, false};
}

}  // namespace autoencoder
