// autoencoder models [NAME]: the registered models, the options of one, and its network for pictures of a
// size.

#include <fmt/format.h>

#include "cli/answer.h"
#include "common/error.h"
#include "common/text.h"
#include "models/registry.h"
#include "models/summary.h"
#include "tasks/training_memory.h"

namespace autoencoder {
namespace {

struct ModelsRequest : Options {
  std::string backbone;
  int64_t image_size = 0;
  int64_t image_channels = 3;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Output");
    visitor.option("backbone", backbone, "the options of NAME with this backbone");
    visitor.option("image-size", image_size,
                   "print the network of NAME for pictures so high and wide, and what training it takes",
                   between(0, 32'000));
    visitor.option("image-channels", image_channels, "of these pictures: 1 (grey) or 3 (RGB)", between(1, 3));
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

// A model for pictures of one size.
struct Network {
  std::shared_ptr<Autoencoder> model;
  TrainingMemory memory;
};

Network network_of(const ModelEntry& entry, const Json& given, const ModelsRequest& request) {
  TrainerOptions training;
  read_options(training, entry.defaults);
  const auto model = make_model(given, {request.image_channels, request.image_size, request.image_size});
  return {model, training_memory(*model, training, 0)};
}

std::string network_text(const Network& network) {
  return fmt::format("\n\npictures of {}\n{}{}", network.model->input_shape().text(),
                     summarise(*network.model), memory_text(network.memory));
}

Json network_json(const Network& network) {
  return {{"parameters", parameter_count(*network.model)}, {"training_bytes", network.memory.total()}};
}

int list_models(const Answered<ModelsRequest>& request) {
  if (request.image_size > 0) {
    throw UsageError("--image-size is for one model; name it, as in: models conv --image-size 128");
  }
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
    Json answer = resolve_model(given);
    if (request.image_size > 0) {
      answer.update(network_json(network_of(entry, given, request)));
    }
    print_answer(answer);
  } else {
    print_answer(one_model_text(entry, given) +
                 (request.image_size > 0 ? network_text(network_of(entry, given, request)) : ""));
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
                                                       "autoencoder models plain --backbone conv",
                                                       "autoencoder models conv --image-size 128"},
                                          .options = specs_of<Answered<ModelsRequest>>,
                                          .run = run_models});

}  // namespace
}  // namespace autoencoder
