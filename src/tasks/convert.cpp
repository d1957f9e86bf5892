#include "tasks/convert.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "common/random.h"
#include "data/split_file.h"
#include "run/checkpoint_index.h"
#include "run/run_directory.h"
#include "tasks/old_archives.h"
#include "tasks/train_plan.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

// Where versions before kept things.
struct OldFiles {
  explicit OldFiles(const RunDirectory& run)
      : split(run.path() / "split.pt"),
        detector(run.path() / "detector.pt"),
        best(run.checkpoints() / "best.pt"),
        last(run.checkpoints() / "last.pt") {}

  // In the order in which they may go: while the last one is there, converting can be done again.
  std::vector<fs::path> all() const { return {split, detector, best, last}; }

  bool are_there() const {
    return std::ranges::any_of(all(), [](const fs::path& file) { return fs::exists(file); });
  }

  fs::path split;
  fs::path detector;
  fs::path best;
  fs::path last;
};

// Writes it anew, and returns its name.
std::string convert_checkpoint(const RunDirectory& run, const fs::path& old, const TrainerOptions& options) {
  const SavedModel saved = read_old_model(old);
  const auto optimizer = make_optimizer(options.optimizer, saved.model->parameters());
  TrainingState state;
  state.noise = make_generator(0);
  read_old_state(old, *optimizer, state);
  const std::string name = checkpoint_name(state.epoch, state.batch);
  save_checkpoint(run.checkpoints() / name, saved, *optimizer, state);
  return name;
}

void convert_checkpoints(const RunDirectory& run, const OldFiles& old) {
  TrainerOptions options;
  read_options(options, run_config(run));
  CheckpointIndex index = {convert_checkpoint(run, old.last, options)};
  if (fs::exists(old.best)) {
    index.best = convert_checkpoint(run, old.best, options);
  }
  write_checkpoint_index(run, index);
}

void convert_files(const RunDirectory& run, const OldFiles& old) {
  if (fs::exists(old.split)) {
    write_split(run.split(), read_old_split(old.split));
  }
  if (fs::exists(old.detector)) {
    write_detector(run.detector(), read_old_detector(old.detector));
  }
  if (fs::exists(old.last)) {
    convert_checkpoints(run, old);
  }
  write_config(run, read_config(run.config()));
  for (const fs::path& file : old.all()) {
    fs::remove(file);
  }
}

}  // namespace

void ConvertRequest::visit(OptionVisitor& /*visitor*/) {}

Json ConvertResult::to_json() const { return {{"run", run}, {"converted", was_converted}}; }

ConversionCheck check_conversion(const ConvertRequest& request) {
  const RunDirectory run = find_run(request.run);
  return {run.path().string(), OldFiles(run).are_there()};
}

ConvertResult convert_run(const ConvertRequest& request) {
  const RunDirectory run = find_run(request.run);
  const OldFiles old(run);
  if (!old.are_there()) {
    return {run.path().string(), false};
  }
  convert_files(run, old);
  return {run.path().string(), true};
}

}  // namespace autoencoder
