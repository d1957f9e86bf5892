// autoencoder models [NAME]: the registered models, and the options of one.

#include <fmt/format.h>

#include "cli/answer.h"
#include "common/text.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

struct ModelsRequest : Options {
  std::string backbone;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Output");
    visitor.option("backbone", backbone, "the options of NAME with this backbone");
  }
};

std::string backbone_text(const ModelEntry& entry) { return entry.backbone.empty() ? "any" : entry.backbone; }

Json models_json() {
  Json list = Json::array();
  for (const ModelEntry& entry : models()) {
    list.push_back({{"name", entry.name},
                    {"family", entry.family},
                    {"backbone", backbone_text(entry)},
                    {"description", entry.description}});
  }
  return list;
}

std::string models_text() {
  std::vector<std::string> lines;
  for (const ModelEntry& entry : models()) {
    lines.push_back(fmt::format("{:<12} {:<12} {:<12} {}", entry.name, entry.family, backbone_text(entry),
                                entry.description));
  }
  return join(lines, "\n");
}

std::string model_option_text(const OptionSpec& spec) {
  const std::string choices = spec.allowed.choices.empty() ? "" : " (" + join(spec.allowed.choices) + ")";
  return fmt::format("  --{:<20} {:<10} {}{}", spec.name, option_text(spec.value), spec.help, choices);
}

// given: the model's name, and its backbone where that was chosen.
std::string one_model_text(const ModelEntry& entry, const Json& given) {
  const Json resolved = resolve_model(given);
  std::vector<std::string> lines = {
      fmt::format("{}: {} (the {} family on the {} backbone)", entry.name, entry.description, entry.family,
                  resolved.at("backbone").get<std::string>()),
      ""};
  for (const OptionSpec& spec : model_options(given)) {
    lines.push_back(model_option_text(spec));
  }
  for (const auto& [key, value] : entry.defaults.items()) {
    if (!resolved.contains(key)) {
      lines.push_back(fmt::format("  --{:<20} {:<10} of training, where this model has its own default", key,
                                  option_text(value)));
    }
  }
  return join(lines, "\n");
}

int list_models(const Answered<ModelsRequest>& request) {
  if (request.json) {
    print_answer(models_json());
  } else {
    print_answer(models_text());
  }
  return 0;
}

int show_model(const std::string& name, const Answered<ModelsRequest>& request) {
  const ModelEntry entry = find_model(name);
  Json given = {{"model", name}};
  if (!request.backbone.empty()) {
    given["backbone"] = request.backbone;
  }
  if (request.json) {
    print_answer(resolve_model(given));
  } else {
    print_answer(one_model_text(entry, given));
  }
  return 0;
}

int run_models(const Arguments& arguments) {
  const auto request = options_from<Answered<ModelsRequest>>(arguments);
  return arguments.words.empty() ? list_models(request) : show_model(arguments.words.front(), request);
}

const CommandRegistration models_command({.group = CommandGroup::kTrain,
                                          .name = "models",
                                          .summary = "the models there are, and the options of one",
                                          .synopsis = "[NAME]",
                                          .min_words = 0,
                                          .max_words = 1,
                                          .examples = {"autoencoder models", "autoencoder models conv-vae",
                                                       "autoencoder models plain --backbone conv"},
                                          .options = specs_of<Answered<ModelsRequest>>,
                                          .run = run_models});

}  // namespace
}  // namespace autoencoder
