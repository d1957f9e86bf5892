#include "commands/command.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {
      train_command(),    evaluate_command(),    classify_command(), regress_command(),
      compare_command(),  reconstruct_command(), sample_command(),   encode_command(),
      decode_command(),   latent_command(),      traverse_command(), interpolate_command(),
      manifold_command(), export_command(),      denoise_command(),  detect_command(),
      compress_command(), decompress_command(),  rate_command(),     report_command(),
      speed_command(),    models_command(),      recipes_command(),  runs_command(),
      convert_command()};
  return kCommands;
}

const Command& find_command(const std::string& name) {
  const auto& all = commands();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  if (found != all.end()) {
    return *found;
  }
  std::vector<std::string> names;
  for (const Command& command : all) {
    names.push_back(command.name);
  }
  throw UsageError(fmt::format("no command is called '{}'{}", name, did_you_mean(name, names)) +
                   " ('autoencoder --help' lists them)");
}

void answer_in_json(const Json& json) { fmt::print("{}\n", json_text(json, 2)); }

void read_given_options(Options& options, const Arguments& arguments) {
  try {
    read_options(options, arguments.options);
  } catch (const Error& error) {
    throw UsageError(fmt::format("--{}", error.what()));
  }
}

}  // namespace autoencoder
