// Many trainings, several at a time, of which the poor ones are stopped early.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/log.h"
#include "common/options.h"
#include "tasks/sweep_plan.h"
#include "training/communicator.h"

namespace autoencoder {

struct SweepRequest : Options {
  std::string file;  ///< of sweep_plan
  std::string out;
  int64_t parallel = 0;

  void visit(OptionVisitor& visitor) override;
};

/// What came of a trial.
struct TrialResult {
  Trial trial;
  std::filesystem::path run;
  std::optional<double> loss;  ///< the smallest of an epoch: of validation, where there is one
  int64_t epochs = 0;          ///< that it was trained for
  std::string failure = "";    ///< its last words, where it ended with an error
};

/// What came of the seeds of a setting.
struct SettingResult {
  std::string setting;
  std::vector<TrialResult> trials;
  double mean = 0;       ///< of the losses
  double deviation = 0;  ///< of the sample; 0 of one
  int64_t epochs = 0;    ///< of those that came furthest

  bool has_begun() const;  ///< whether anything came of any of them
  bool has_loss() const;   ///< whether all of them have one
};

struct SweepResult {
  std::filesystem::path out;
  std::vector<SettingResult> settings;        ///< those trained longest first, and of these the best
  std::optional<std::filesystem::path> best;  ///< the run to take: the best setting's best seed
  std::filesystem::path report;               ///< of the best runs side by side; empty where there is none
  bool is_stopped = false;                    ///< before its end, as it was asked to
  bool is_of_first = true;                    ///< process; the others have nothing to say

  Json to_json() const;
};

/// Trains the trials of the plan as runs OUT/001, OUT/002 ..., and leaves OUT/sweep.json, OUT/results.csv and
/// OUT/report.html. What was begun before with the same plan is gone on with. `asks_to_stop` is asked some
/// times a second; the trainings under way save then. With several `processes`, each trains its share of the
/// trials. Throws Error where the plan cannot be carried out, and where OUT holds another sweep.
SweepResult sweep(const SweepRequest& request, Log& log, const std::function<bool()>& asks_to_stop,
                  Communicator& processes = alone());

}  // namespace autoencoder
