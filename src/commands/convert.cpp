// autoencoder convert RUN: a run of a version whose files could hold code, in today's format.

#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/old_archives.h"
#include "commands/train_plan.h"
#include "common/error.h"
#include "common/random.h"
#include "data/split_file.h"
#include "run/checkpoint_index.h"
#include "run/run_directory.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

struct ConvertOptions : Options {
  void visit(OptionVisitor& /*visitor*/) override {}
};

// Where versions before kept things.
struct OldFiles {
  explicit OldFiles(const RunDirectory& run)
      : split(run.path() / "split.pt"),
        detector(run.path() / "detector.pt"),
        best(run.checkpoints() / "best.pt"),
        last(run.checkpoints() / "last.pt") {}

  // In the order in which they may go: while the last one is there, converting can be done again.
  std::vector<fs::path> all() const { return {split, detector, best, last}; }

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

void convert(const RunDirectory& run, const OldFiles& old) {
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

int run_convert(const Arguments& arguments) {
  const RunDirectory run = find_run(arguments.words.front());
  const OldFiles old(run);
  const auto all = old.all();
  if (std::none_of(all.begin(), all.end(), [](const fs::path& file) { return fs::exists(file); })) {
    fmt::print("{}: of today's format already\n", run.path().string());
    return 0;
  }
  fmt::print("{}: reading its .pt files, which are programs, and trusting whoever made them\n",
             run.path().string());
  convert(run, old);
  fmt::print("{}: converted; its state is in safetensors now, which hold no code\n", run.path().string());
  return 0;
}

}  // namespace

Command convert_command() {
  return {.name = "convert",
          .summary =
              "brings a run of an older version into today's format; trusts it, for its files are programs",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder convert runs/dense-mnist-1"},
          .options = specs_of<ConvertOptions>,
          .run = run_convert};
}

}  // namespace autoencoder
