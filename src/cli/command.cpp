#include "cli/command.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {

namespace {

std::vector<Command>& registered() {
  static std::vector<Command> all;
  return all;
}

}  // namespace

CommandRegistration::CommandRegistration(Command command) { registered().push_back(std::move(command)); }

std::vector<Command> commands() {
  std::vector<Command> all = registered();
  std::ranges::sort(all, {}, [](const Command& command) { return std::pair(command.group, command.name); });
  return all;
}

Command find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (command.name == name) {
      return command;
    }
    names.push_back(command.name);
  }
  throw UsageError(fmt::format("no command is called '{}'{}", name, did_you_mean(name, names)) +
                   " ('autoencoder --help' lists them)");
}

void read_given_options(Options& options, const Arguments& arguments) {
  try {
    read_options(options, arguments.options);
  } catch (const Error& error) {
    throw UsageError(fmt::format("--{}", error.what()));
  }
}

}  // namespace autoencoder
