#include "tasks/sweep_plan.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/options.h"
#include "common/random.h"
#include "common/text.h"
#include "tasks/train_plan.h"

namespace autoencoder {
namespace {

constexpr int64_t kMostTrials = 100'000;
constexpr const char* kExample =
    R"({"options": {"data": "mnist"}, "grid": {"latent-dim": [8, 32]}, "seeds": [0, 1], )"
    R"("random": {"learning-rate": {"min": 1e-4, "max": 1e-2, "scale": "log"}}, "count": 10, )"
    R"("halving": {"epochs": 2, "factor": 3}})";

const std::vector<std::string> kKeys = {"options", "grid", "random", "count", "seeds", "seed", "halving"};

// Options that the sweep sets itself.
const std::vector<std::string> kOwnOptions = {"out",   "resume",  "force",  "seed",
                                              "quiet", "dry-run", "workers"};

Json part_of(const Json& description, const char* key, Json usual) {
  return description.value(key, std::move(usual));
}

void require(bool condition, const std::string& what) {
  if (!condition) {
    throw Error(what);
  }
}

void check_names(const Json& options, const char* key) {
  require(options.is_object(),
          fmt::format("\"{}\" is {}; it must be an object of options", key, options.dump()));
  for (const std::string& name : kOwnOptions) {
    require(!options.contains(name),
            fmt::format("\"{}\" has {}, which the sweep gives each training itself{}", key, name,
                        name == "seed" ? "; list them in \"seeds\"" : ""));
  }
}

// All combinations of an object of lists, the last option's values changing fastest.
std::vector<Json> grid_of(const Json& lists) {
  std::vector<Json> settings = {Json::object()};
  for (const auto& [name, values] : lists.items()) {
    require(values.is_array() && !values.empty(),
            fmt::format("\"grid\" has {}: {}; it must be a list of values", name, values.dump()));
    std::vector<Json> longer;
    for (const Json& setting : settings) {
      for (const Json& value : values) {
        longer.push_back(setting);
        longer.back()[name] = value;
      }
    }
    settings = std::move(longer);
    require(std::ssize(settings) <= kMostTrials,
            fmt::format("\"grid\" has more than {} combinations", with_thousands(kMostTrials)));
  }
  return settings;
}

// A number from a range: whole where both ends are.
Json drawn_number(const std::string& name, const Json& range, std::mt19937_64& rng) {
  const auto wrong = fmt::format(
      "\"random\" has {}: {}; it must be a list of values, or {{\"min\": 1, \"max\": 9, \"scale\": "
      "\"linear\"}}, "
      "where a scale that is \"log\" takes numbers above 0",
      name, range.dump());
  require(range.is_object() && range.contains("min") && range.contains("max") && range["min"].is_number() &&
              range["max"].is_number() && range["min"] <= range["max"],
          wrong);
  const std::string scale = range.value("scale", "linear");
  const bool is_log = scale == "log";
  const auto min = range["min"].get<double>();
  const auto max = range["max"].get<double>();
  require((is_log && min > 0) || scale == "linear", wrong);
  const double share = std::uniform_real_distribution<double>(0, 1)(rng);
  if (range["min"].is_number_integer() && range["max"].is_number_integer()) {
    const double end = max + 1;  // every whole number is as likely as the others
    const double drawn = is_log ? min * std::pow(end / min, share) : min + (end - min) * share;
    return std::clamp(static_cast<int64_t>(std::floor(drawn)), static_cast<int64_t>(min),
                      static_cast<int64_t>(max));
  }
  const double drawn = is_log ? min * std::pow(max / min, share) : min + (max - min) * share;
  return number_from<double>(fmt::format("{:.4g}", drawn)).value_or(drawn);  // to be read, and typed
}

Json drawn(const Json& choices, std::mt19937_64& rng) {
  Json setting = Json::object();
  for (const auto& [name, values] : choices.items()) {
    if (values.is_array() && !values.empty()) {
      setting[name] = values[std::uniform_int_distribution<size_t>(0, values.size() - 1)(rng)];
    } else {
      setting[name] = drawn_number(name, values, rng);
    }
  }
  return setting;
}

std::vector<Json> settings_of(const Json& description) {
  const Json random = part_of(description, "random", Json::object());
  const Json grid = part_of(description, "grid", Json::object());
  check_names(grid, "grid");
  check_names(random, "random");
  std::vector<Json> settings = grid_of(grid);
  if (random.empty()) {
    return settings;
  }
  const Json count = part_of(description, "count", 0);
  require(count.is_number_integer() && count.get<int64_t>() >= 1 && count.get<int64_t>() <= kMostTrials,
          "\"random\" needs \"count\": how often to draw");
  std::mt19937_64 rng(derive_seed(part_of(description, "seed", 0).get<uint64_t>(), "sweep"));
  std::vector<Json> all;
  for (const Json& setting : settings) {
    for (int64_t i = 0; i < count.get<int64_t>(); ++i) {
      all.push_back(setting);
      all.back().update(drawn(random, rng));
    }
  }
  return all;
}

std::vector<int64_t> seeds_of(const Json& description) {
  const Json seeds = part_of(description, "seeds", Json::array({0}));
  const auto is_seed = [](const Json& seed) { return seed.is_number_integer() && seed.get<int64_t>() >= 0; };
  require(seeds.is_array() && !seeds.empty() && std::ranges::all_of(seeds, is_seed),
          fmt::format("\"seeds\" is {}; it must be a list of whole numbers from 0", seeds.dump()));
  return seeds.get<std::vector<int64_t>>();
}

// Epochs after each round: the first's, and then times the factor until all are done.
std::vector<int64_t> rounds_of(const Json& halving, int64_t factor, int64_t epochs) {
  std::vector<int64_t> rounds;
  if (!halving.empty()) {
    const auto first = halving.at("epochs").get<int64_t>();
    require(first >= 1 && first < epochs,
            fmt::format("\"halving\" begins with {} epochs; it must be at least 1 and fewer than all {}",
                        first, epochs));
    for (int64_t reached = first; reached < epochs; reached *= factor) {
      rounds.push_back(reached);
    }
  }
  rounds.push_back(epochs);
  return rounds;
}

// The plan that training makes of a trial's options says what is wrong in them, and how many epochs that are.
int64_t checked_epochs(const SweepPlan& plan) {
  int64_t epochs = 0;
  for (const Trial& trial : plan.trials) {
    Json given = plan.options;
    given.update(trial.setting);
    const int64_t own = plan_training(given).options.trainer.epochs;
    require(epochs == 0 || own == epochs,
            "trials of different --epochs cannot be compared; give all the same");
    epochs = own;
  }
  return epochs;
}

SweepPlan sweep_plan_from(const Json& description) {
  require(description.is_object(), "it must be a JSON object with \"options\", and \"grid\" or \"random\"");
  for (const auto& [key, value] : description.items()) {
    require(
        std::ranges::find(kKeys, key) != kKeys.end(),
        fmt::format("\"{}\" means nothing here{}; there are {}", key, did_you_mean(key, kKeys), join(kKeys)));
  }
  SweepPlan plan;
  plan.options = part_of(description, "options", Json::object());
  check_names(plan.options, "options");
  const std::vector<Json> settings = settings_of(description);
  for (const Json& setting : settings) {
    for (const int64_t seed : seeds_of(description)) {
      plan.trials.push_back({fmt::format("{:03}", plan.trials.size() + 1), setting, seed});
    }
  }
  require(plan.trials.size() > 1,
          "there is one training only; give \"grid\", \"random\" or several \"seeds\"");
  const Json halving = part_of(description, "halving", Json::object());
  plan.factor = halving.value("factor", plan.factor);
  require(plan.factor >= 2,
          fmt::format("\"halving\" has a factor of {}; it must be at least 2", plan.factor));
  plan.rounds = rounds_of(halving, plan.factor, checked_epochs(plan));
  return plan;
}

}  // namespace

std::string Trial::setting_text() const {
  std::vector<std::string> words;
  for (const auto& [name, value] : setting.items()) {
    words.push_back(fmt::format("{} {}", name, option_text(value)));
  }
  return words.empty() ? "the options" : join(words);
}

Json SweepPlan::options_of(const Trial& trial, int64_t epochs) const {
  Json all = options;
  all.update(trial.setting);
  all["seed"] = trial.seed;
  all["epochs"] = epochs;
  return all;
}

SweepPlan sweep_plan(const Json& description, const std::string& source) {
  try {
    return sweep_plan_from(description);
  } catch (const Json::exception&) {
    throw Error(fmt::format("{}: a value of another kind than it must be, as in {}", source, kExample));
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", source, error.what()));
  }
}

SweepPlan read_sweep_plan(const std::filesystem::path& path) {
  Json description;
  try {
    description = parse_json(read_file(path), path.string());
  } catch (const Json::exception&) {
    throw Error(fmt::format("{}: not JSON, such as {}", path.string(), kExample));
  }
  return sweep_plan(description, path.string());
}

}  // namespace autoencoder
