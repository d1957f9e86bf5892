// What a sweep trains: settings of options, each with several seeds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/json.h"

namespace autoencoder {

/// One training of a sweep.
struct Trial {
  std::string name;  ///< of its run's folder: "007"
  Json setting;      ///< the options in which settings differ
  int64_t seed = 0;

  /// "latent-dim 16, learning-rate 0.003"
  std::string setting_text() const;
};

struct SweepPlan {
  Json options;  ///< of `train`, those that all trials share
  std::vector<Trial> trials;
  /// Epochs that trials have had after each round, rising; after each but the last the worst are given up.
  std::vector<int64_t> rounds;
  int64_t factor = 3;  ///< of so many one is kept (successive halving, Jamieson and Talwalkar 2016)

  /// All options of a trial, for so many epochs.
  Json options_of(const Trial& trial, int64_t epochs) const;
};

/// From a JSON object:
///   "options"  of `train`, shared by all
///   "grid"     option -> list of values: all combinations
///   "random"   option -> list of values, or {"min": .., "max": .., "scale": "linear" | "log"}: drawn "count"
///              times for each combination of the grid, by "seed"
///   "seeds"    of the trainings of each setting; [0]
///   "halving"  {"epochs": of the first round, "factor": 3}; without it every trial has all its epochs
/// Throws Error, naming `source`, on what is none of this, on options that `train` does not take, and where
/// there is nothing to try.
SweepPlan sweep_plan(const Json& description, const std::string& source);

/// Of a file.
SweepPlan read_sweep_plan(const std::filesystem::path& path);

}  // namespace autoencoder
