// What a subcommand is, and how its words on the command line become options.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/options.h"

namespace autoencoder {

/// The command line of a subcommand, read: options that were given, by name, and the other words.
struct Arguments {
  Json options = Json::object();
  std::vector<std::string> words;
};

/// A subcommand. One file in this folder makes each.
struct Command {
  std::string name;
  std::string summary;   ///< one line
  std::string synopsis;  ///< the words it takes besides options: "RUN"
  size_t min_words = 0;
  size_t max_words = 0;
  std::vector<std::string> examples;
  std::function<std::vector<OptionSpec>()> options;
  std::function<int(const Arguments&)> run;  ///< returns the program's exit status
};

Command classify_command();
Command compare_command();
Command compress_command();
Command convert_command();
Command decode_command();
Command decompress_command();
Command denoise_command();
Command detect_command();
Command encode_command();
Command evaluate_command();
Command export_command();
Command interpolate_command();
Command latent_command();
Command manifold_command();
Command models_command();
Command rate_command();
Command reconstruct_command();
Command regress_command();
Command report_command();
Command runs_command();
Command recipes_command();
Command sample_command();
Command speed_command();
Command train_command();
Command traverse_command();

/// All of them, in the order of the help.
const std::vector<Command>& commands();

/// Throws UsageError, with the nearest name, where there is none of that name.
const Command& find_command(const std::string& name);

std::string program_help();
std::string command_help(const Command& command);

/// Whether the words ask for help instead of the command's work.
bool asks_for_help(const std::vector<std::string>& words);

/// Throws UsageError on an unknown option (naming the nearest), a value that is none, and too few or too many
/// words.
Arguments parse_arguments(const Command& command, const std::vector<std::string>& words);

/// The specs of a struct of options: what Command::options of most commands returns.
template <typename CommandOptions>
std::vector<OptionSpec> specs_of() {
  CommandOptions options;
  return describe(options);
}

/// The struct filled from the arguments. Throws UsageError on a value that is not allowed.
template <typename CommandOptions>
CommandOptions options_from(const Arguments& arguments) {
  CommandOptions options;
  read_given_options(options, arguments);
  return options;
}

/// Prints an answer for machines.
void answer_in_json(const Json& json);

void read_given_options(Options& options, const Arguments& arguments);

}  // namespace autoencoder
