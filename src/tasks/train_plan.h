// What training is asked to do: defaults, the model's own defaults, a config file or an earlier
// run, and what is given, each over the one before.
#pragma once

#include <string>

#include "run/run_directory.h"
#include "tasks/data_options.h"
#include "tasks/device.h"
#include "training/run_keeper.h"
#include "training/trainer.h"

namespace autoencoder {

/// Where a training is logged beside the lines that it prints.
enum class LogKind {
  kTensorBoard,  ///< event files in the run
  kJson,         ///< the lines are JSON objects
};

struct TrainOptions : Options {
  std::string model = "dense";
  std::string backbone;
  TrainingDataOptions data;
  TrainerOptions trainer;
  KeepingOptions keeping;
  int64_t seed = 0;
  std::string init_from;
  std::string log = "none";  ///< or names of log_kinds(), with commas between
  DeviceOptions device;
  // What concerns this call alone and is not kept in the run's config.
  std::string out;
  bool force = false;
  std::string config;
  std::string recipe;
  std::string resume;
  std::string metrics_file;
  int64_t workers = 1;
  bool dry_run = false;
  bool quiet = false;
  bool bare = false;
  bool watch = false;
  std::string watch_host = "127.0.0.1";
  int64_t watch_port = 8080;

  void visit(OptionVisitor& visitor) override;
};

struct TrainPlan {
  TrainOptions options;
  Json model;  ///< every option of the model, resolved
  Json said;   ///< what a base or the user says, by name: all else is a default

  /// The same with options that suit the data, where neither the user nor the model's name says anything and
  /// the model has them.
  TrainPlan suited_to(const Json& suited) const;

  bool logs_to(LogKind kind) const;
  bool resumes() const { return !options.resume.empty(); }
  /// What the run keeps as config.json: `train --config` with it does the same again.
  Json config() const;
};

/// The config of a run with every option of today: one that the run is older than has its default. Throws
/// Error, naming the file, where a value is none of its option's.
Json run_config(const RunDirectory& run);

/// Every option that `train` knows: its own, and those of all models.
std::vector<OptionSpec> train_option_specs();

/// Those to tell of: of the model that `given` names, with its defaults, or else of all, by families and
/// backbones. Throws Error where there is no such model.
std::vector<OptionSpec> train_options_for(const Json& given);

/// `given`: options by name, as in a config file. Throws UsageError on what is wrong in them, and Error on
/// what is wrong in a config file or an earlier run that they name: unknown names, options of another model,
/// values that are not allowed, changes that a resumed run cannot take. "resume": "auto" goes on with the run
/// in "out" where there is one, and begins it where there is none.
TrainPlan plan_training(const Json& given);

}  // namespace autoencoder
