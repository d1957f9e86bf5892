// autoencoder models [NAME]: the registered models, and the options of one.

#include <fmt/format.h>

#include "commands/command.h"
#include "common/text.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

struct ModelsOptions : Options {
  std::string backbone;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Output");
    visitor.option("backbone", backbone, "the options of NAME with this backbone");
    visitor.option("json", json, "print JSON");
  }
};

std::string backbone_text(const ModelEntry& entry) { return entry.backbone.empty() ? "any" : entry.backbone; }

int print_models(const ModelsOptions& options) {
  if (options.json) {
    Json list = Json::array();
    for (const ModelEntry& entry : models()) {
      list.push_back({{"name", entry.name},
                      {"family", entry.family},
                      {"backbone", backbone_text(entry)},
                      {"description", entry.description}});
    }
    answer_in_json(list);
    return 0;
  }
  for (const ModelEntry& entry : models()) {
    fmt::print("{:<12} {:<12} {:<12} {}\n", entry.name, entry.family, backbone_text(entry),
               entry.description);
  }
  return 0;
}

int print_model(const std::string& name, const ModelsOptions& options) {
  Json given = {{"model", name}};
  if (!options.backbone.empty()) {
    given["backbone"] = options.backbone;
  }
  const ModelEntry entry = find_model(name);
  const Json resolved = resolve_model(given);
  if (options.json) {
    answer_in_json(resolved);
    return 0;
  }
  fmt::print("{}: {} (the {} family on the {} backbone)\n\n", name, entry.description, entry.family,
             resolved.at("backbone").get<std::string>());
  for (const OptionSpec& spec : model_options(given)) {
    const std::string choices = spec.allowed.choices.empty() ? "" : " (" + join(spec.allowed.choices) + ")";
    fmt::print("  --{:<20} {:<10} {}{}\n", spec.name, option_text(spec.value), spec.help, choices);
  }
  for (const auto& [key, value] : entry.defaults.items()) {
    if (!resolved.contains(key)) {
      fmt::print("  --{:<20} {:<10} of training, where this model has its own default\n", key,
                 option_text(value));
    }
  }
  return 0;
}

int run_models(const Arguments& arguments) {
  const auto options = options_from<ModelsOptions>(arguments);
  return arguments.words.empty() ? print_models(options) : print_model(arguments.words.front(), options);
}

}  // namespace

Command models_command() {
  return {.name = "models",
          .summary = "the models there are, and the options of one",
          .synopsis = "[NAME]",
          .min_words = 0,
          .max_words = 1,
          .examples = {"autoencoder models", "autoencoder models conv-vae",
                       "autoencoder models plain --backbone conv"},
          .options = specs_of<ModelsOptions>,
          .run = run_models};
}

}  // namespace autoencoder
