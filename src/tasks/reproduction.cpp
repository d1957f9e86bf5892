#include "tasks/reproduction.h"

#include <fmt/format.h>

#include "tasks/train_plan.h"

namespace autoencoder {
namespace {

// Options that belong to this machine, and not to what is done again: another one finds its own.
bool is_of_this_machine(const std::string& name) { return name == "device" || name == "threads"; }

// What a run has that names no more than its model, and its backbone where the model leaves that open.
Json usual_config(const Json& config) {
  Json given = {{"model", config.at("model")}};
  Json usual = plan_training(given).config();
  if (usual.at("backbone") != config.at("backbone")) {
    given["backbone"] = config.at("backbone");
    usual = plan_training(given).config();
    usual["backbone"] = Json();  // told, though it is then as expected
  }
  return usual;
}

std::string option_words(const std::string& name, const Json& value) {
  return fmt::format(" --{}", value == true ? name : shell_word(name + "=" + option_text(value)));
}

}  // namespace

std::string shell_word(const std::string& word) {
  static constexpr const char* kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!word.empty() && word.find_first_not_of(kSafe) == std::string::npos) {
    return word;
  }
  std::string quoted = "'";
  for (const char letter : word) {
    quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  }
  return quoted + "'";
}

std::string train_command_line(const Json& config) {
  const Json usual = usual_config(config);
  std::string line = fmt::format("autoencoder train --model={}", option_text(config.at("model")));
  for (const auto& [name, value] : config.items()) {
    if (name != "model" && !is_of_this_machine(name) && value != usual.value(name, Json())) {
      line += option_words(name, value);
    }
  }
  return line;
}

}  // namespace autoencoder
