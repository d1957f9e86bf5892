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

/// What a command is for, in the order of the help.
enum class CommandGroup { kTrain, kMeasure, kLook, kUse };

/// A subcommand. One file in src/commands registers each.
struct Command {
  CommandGroup group = CommandGroup::kUse;
  std::string name;
  std::string summary;   ///< one line
  std::string synopsis;  ///< the words it takes besides options: "RUN"
  size_t min_words = 0;
  size_t max_words = 0;
  std::vector<std::string> examples;
  std::function<std::vector<OptionSpec>()> options;
  /// What --help lists, of what else was given with it; nothing where that is always `options`.
  std::function<std::vector<OptionSpec>(const Json& given)> told_options = nullptr;
  std::function<int(const Arguments&)> run;  ///< returns the program's exit status
};

/// Registers a command: one static object in the file of each.
struct CommandRegistration {
  explicit CommandRegistration(Command command);
};

/// All of them, in the order of the help: group by group, and by name.
std::vector<Command> commands();

/// Throws UsageError, with the nearest name, where there is none of that name.
Command find_command(const std::string& name);

std::string program_help();
/// `words`: those that the help was asked with.
std::string command_help(const Command& command, const std::vector<std::string>& words);

/// Whether the words ask for help instead of the command's work.
bool asks_for_help(const std::vector<std::string>& words);

/// Throws UsageError on an unknown option (naming the nearest), a value that is none, and too few or too many
/// words.
Arguments parse_arguments(const Command& command, const std::vector<std::string>& words);

/// The struct filled from the arguments. Throws UsageError on a value that is not allowed.
template <typename CommandOptions>
CommandOptions options_from(const Arguments& arguments) {
  CommandOptions options;
  read_given_options(options, arguments);
  return options;
}

void read_given_options(Options& options, const Arguments& arguments);

}  // namespace autoencoder
