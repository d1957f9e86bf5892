#include "tasks/train_plan.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/augmentation.h"
#include "data/corruption.h"
#include "models/registry.h"
#include "recipes/recipes.h"
#include "run/run_directory.h"

namespace autoencoder {
namespace {

const std::vector<std::string> kOfThisCallOnly = {"out",          "force",      "config",  "recipe", "resume",
                                                  "metrics-file", "workers",    "dry-run", "quiet",  "watch",
                                                  "watch-host",   "watch-port", "bare"};
const std::vector<std::string> kChangeableOnResume = {
    "resume",           "epochs",     "patience",   "checkpoint-every",
    "keep-checkpoints", "device",     "threads",    "data",
    "data-dir",         "log",        "cuda-graph", "workers",
    "metrics-file",     "dry-run",    "quiet",      "watch",
    "watch-host",       "watch-port", "bare"};

// What the data decide, and a config of other data must not.
const std::vector<std::string> kOfTheData = {"layout"};

constexpr const char* kModelGroup = "Model";
constexpr double kMostWorkers = 1024;

// The options of models after those that choose one.
std::vector<OptionSpec> with_model_options(std::vector<OptionSpec> specs,
                                           const std::vector<OptionSpec>& of_models) {
  const auto after_model =
      std::ranges::find_if(specs, [](const OptionSpec& spec) { return spec.group != kModelGroup; });
  specs.insert(after_model, of_models.begin(), of_models.end());
  return specs;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> names_of(const std::vector<OptionSpec>& specs) {
  std::vector<std::string> names;
  for (const OptionSpec& spec : specs) {
    names.push_back(spec.name);
  }
  return names;
}

// Values that options start from, and where they come from.
struct Base {
  Json values = Json::object();
  std::string source;
};

Base base_of(const Json& given) {
  if (given.contains("resume")) {
    const RunDirectory run = open_run(given["resume"].get<std::string>());
    return {read_config(run.config()), run.config().string()};
  }
  if (given.contains("config") && given.contains("recipe")) {
    throw UsageError(
        "--config and --recipe are both given; give one of them, and options that differ beside it");
  }
  if (given.contains("config")) {
    const auto path = given["config"].get<std::string>();
    return {read_config(path), path};
  }
  if (given.contains("recipe")) {
    const Recipe recipe = find_recipe(given["recipe"].get<std::string>());
    return {recipe.options, "recipe " + recipe.name};
  }
  return {};
}

void check_resumable(const Json& given) {
  for (const auto& [name, value] : given.items()) {
    if (!contains(kChangeableOnResume, name)) {
      throw UsageError(
          fmt::format("--{} cannot change when a run is resumed (only {} can); train a new one with --config "
                      "RUN/config.json, or with --init-from RUN",
                      name, join(kChangeableOnResume)));
    }
  }
}

Json without(Json given, const std::string& name) {
  given.erase(name);
  return given;
}

// A side of pictures was a whole number before sides could differ, and is one still where people write it.
void take_side_as_text(Json& given) {
  const auto size = given.find("image-size");
  if (size != given.end() && size->is_number_integer()) {
    *size = size->dump();
  }
}

// What a restart gives again may not differ from what the run was begun with, but for what may change.
Json resumed_with(Json asked, const std::string& path) {
  const Json kept = run_config(open_run(path));
  take_side_as_text(asked);
  Json given = {{"resume", path}};
  for (const auto& [name, value] : asked.items()) {
    const bool is_of_this_call = contains(kOfThisCallOnly, name);
    if (contains(kChangeableOnResume, name) && name != "resume") {
      given[name] = value;
    } else if (!is_of_this_call && kept.contains(name) && kept.at(name) != value) {
      throw UsageError(fmt::format(
          "--{} is {} here, but {} was begun with {}; a restart with --resume auto gives the same options",
          name, option_text(value), path, option_text(kept.at(name))));
    }
  }
  return given;
}

// What --resume auto stands for: the run in --out, or a new one there.
Json with_resume_decided(const Json& given) {
  if (given.value("resume", Json()) != "auto") {
    return given;
  }
  if (!given.contains("out")) {
    throw UsageError("--resume auto needs the run's folder, to begin it or to go on with it: give --out RUN");
  }
  if (given.value("force", false)) {
    throw UsageError("--resume auto goes on with a run, --force overwrites it; give one of them");
  }
  const auto out = given.at("out").get<std::string>();
  if (RunDirectory(out).is_run()) {
    Json asked = base_of(without(given, "resume")).values;
    asked.update(given);
    return resumed_with(std::move(asked), out);
  }
  return without(given, "resume");
}

// An option that nobody reads is a mistake: a slip of the pen, or an option of another model.
void check_names(const Json& given, const Json& model) {
  const std::vector<std::string> own = names_of(specs_of<TrainOptions>());
  const std::vector<std::string> of_model = names_of(model_options(model));
  const std::vector<std::string> all = names_of(train_option_specs());
  for (const auto& [name, value] : given.items()) {
    if (contains(own, name) || contains(of_model, name)) {
      continue;
    }
    if (contains(all, name)) {
      throw Error(fmt::format("{} is no option of model {} on the {} backbone (it has {})", name,
                              model.at("model").get<std::string>(), model.at("backbone").get<std::string>(),
                              join(of_model)));
    }
    throw Error(fmt::format("{} is no option{}", name, did_you_mean(name, all)));
  }
}

// A choice of others may be none of this model's.
bool takes(const OptionSpec& spec, const Json& value) {
  const std::vector<std::string>& choices = spec.allowed.choices;
  return choices.empty() || (value.is_string() && contains(choices, value.get<std::string>()));
}

// Where no model is named, weights of another run come with its model.
void take_model_of(const std::string& run_path, Json& given) {
  if (given.contains("model")) {
    return;
  }
  const Json config = run_config(open_run(run_path));
  const Json chosen = {{"model", config.at("model")}, {"backbone", config.at("backbone")}};
  for (const std::string& name : names_of(model_options(chosen))) {
    if (!contains(kOfTheData, name)) {
      given.emplace(name, config.at(name));
    }
  }
  given.update(chosen);
}

const Choices<LogKind>& log_kinds() {
  static const Choices<LogKind> kKinds = {{"tensorboard", LogKind::kTensorBoard}, {"json", LogKind::kJson}};
  return kKinds;
}

std::vector<std::string> log_words(const std::string& log) {
  return log == "none" ? std::vector<std::string>() : split_words(log);
}

void check_log(const std::string& log) {
  for (const std::string& word : log_words(log)) {
    if (!find_choice(log_kinds(), word)) {
      throw Error(
          fmt::format("log is '{}'; it must be none, or tensorboard, json, or both with a comma between{}",
                      log, did_you_mean(word, keys_of(log_kinds()))));
    }
  }
}

// Options that are small languages of their own, before the data are looked at.
void check_words(const TrainOptions& options) {
  check_log(options.log);
  checkpoint_interval(options.keeping.checkpoint_every);
  const Corruption corruption(options.trainer.input.corruption);
  const Augmentation augmentation(options.trainer.augment);
}

// Defaults, under those of the model's name, under what is given.
TrainPlan plan_of(Json given) {
  take_side_as_text(given);
  TrainPlan plan;
  read_options(plan.options, given);
  Json model = given;
  model["model"] = plan.options.model;
  plan.model = resolve_model(model);
  read_options(plan.options, find_model(plan.options.model).defaults);
  read_options(plan.options, given);
  read_options(plan.options, plan.model);
  return plan;
}

TrainPlan plan_from(Json given) {
  take_side_as_text(given);
  TrainOptions options;
  read_options(options, given);
  if (!options.init_from.empty()) {
    take_model_of(options.init_from, given);
  }
  TrainPlan plan = plan_of(given);
  check_names(given, plan.model);
  check_words(plan.options);
  plan.said = std::move(given);
  return plan;
}

}  // namespace

void TrainOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.option("model", model, "name of the model ('autoencoder models' lists them)");
  visitor.option("backbone", backbone,
                 "encoder and decoder of plain and variational: " + join(backbone_names()));
  data.visit(visitor);
  visitor.group("Training");
  trainer.visit(visitor);
  visitor.option("seed", seed, "same seed, same machine: same weights, bit for bit", at_least(0));
  visitor.option("init-from", init_from, "run whose weights to start from");
  visitor.group("Device");
  device.visit(visitor);
  visitor.group("Run");
  visitor.option("out", out, "folder of the run; the default is runs/MODEL-DATA-NUMBER");
  keeping.visit(visitor);
  visitor.option(
      "log", log,
      "none, or: tensorboard, losses and reconstructions in RUN/tensorboard; json, what is printed "
      "as JSON, a line each; both with a comma between");
  visitor.option("metrics-file", metrics_file,
                 "also write how far training is to this file, for Prometheus, some times a minute");
  visitor.option("force", force, "overwrite the run in --out");
  visitor.option("config", config, "JSON file of options; the command line wins");
  visitor.option("recipe", recipe, "named configuration ('autoencoder recipes'), or a file of one");
  visitor.option("resume", resume,
                 "go on with this run, exactly where it stopped; auto: with the one in --out, or begin it");
  visitor.option("workers", workers,
                 "train with so many processes on this machine, which share each batch and the cores",
                 between(1, kMostWorkers));
  visitor.option("dry-run", dry_run,
                 "print model, data and the memory that training will take, and train nothing");
  visitor.option("quiet", quiet, "print nothing but errors");
  visitor.option("bare", bare,
                 "write checkpoints and losses alone: no pictures, no page, no exported files (--resume RUN "
                 "writes them later)");
  visitor.option(
      "watch", watch,
      "a page to watch it on while it trains: curves, reconstructions, codes, and a button that stops it");
  visitor.option("watch-port", watch_port, "TCP port of that page; 0: any that is free", between(0, 65535));
  visitor.option(
      "watch-host", watch_host,
      "address of that page: 127.0.0.1 for this machine alone, 0.0.0.0 for all; whoever reaches it may "
      "stop the training");
}

Json TrainPlan::config() const {
  TrainOptions copy = options;
  Json values = to_json(copy);
  for (const std::string& name : kOfThisCallOnly) {
    values.erase(name);
  }
  values.update(model);
  for (const std::string& name : kOfTheData) {
    values.erase(name);
  }
  return values;
}

TrainPlan TrainPlan::suited_to(const Json& suited) const {
  std::vector<OptionSpec> specs = specs_of<TrainOptions>();
  const std::vector<OptionSpec> of_model = model_options(model);
  specs.insert(specs.end(), of_model.begin(), of_model.end());
  Json fixed = find_model(options.model).defaults;
  fixed.update(said);
  Json all = said;
  for (const OptionSpec& spec : specs) {
    const auto found = suited.find(spec.name);
    if (found != suited.end() && !fixed.contains(spec.name) && takes(spec, *found)) {
      all[spec.name] = *found;
    }
  }
  TrainPlan plan = plan_of(all);
  plan.said = said;
  return plan;
}

Json run_config(const RunDirectory& run) {
  const Json kept = read_config(run.config());
  try {
    return plan_of(kept).config();
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", run.config().string(), error.what()));
  }
}

std::vector<OptionSpec> train_option_specs() {
  std::vector<OptionSpec> of_models = all_model_options();
  for (OptionSpec& spec : of_models) {
    spec.group = kModelGroup;
    spec.value = "";  // each model has its own default
  }
  return with_model_options(specs_of<TrainOptions>(), of_models);
}

std::vector<OptionSpec> train_options_for(const Json& given) {
  TrainOptions options;
  if (!given.contains("model")) {
    std::vector<OptionSpec> of_models = all_model_options();
    for (OptionSpec& spec : of_models) {
      spec.value = "";
    }
    // Groups in the order of their first option, general ones first.
    std::ranges::stable_partition(of_models,
                                  [](const OptionSpec& spec) { return spec.group == kModelGroup; });
    return with_model_options(describe(options), of_models);
  }
  options.model = given.at("model").get<std::string>();
  read_options(options, find_model(options.model).defaults);
  options.backbone = given.value("backbone", find_model(options.model).backbone);
  std::vector<OptionSpec> of_model = model_options(given);
  for (OptionSpec& spec : of_model) {
    spec.group = kModelGroup;
  }
  return with_model_options(describe(options), of_model);
}

bool TrainPlan::logs_to(LogKind kind) const {
  return std::ranges::any_of(log_words(options.log), [&](const std::string& word) {
    return choice_named(log_kinds(), word) == kind;
  });
}

TrainPlan plan_training(const Json& command_line) {
  const Json given = with_resume_decided(command_line);
  const Base base = base_of(given);
  if (given.contains("resume")) {
    check_resumable(given);
  }
  if (!base.source.empty()) {
    try {
      plan_from(base.values);
    } catch (const Error& error) {
      throw Error(fmt::format("{}: {}", base.source, error.what()));
    }
  }
  Json all = base.values;
  all.update(given);
  try {
    return plan_from(all);
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
}

}  // namespace autoencoder
