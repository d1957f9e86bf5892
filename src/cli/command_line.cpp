// The command line, by cxxopts. Every value is read as text and then by parse_option, as in a config file.

#include <algorithm>
#include <memory>
#include <optional>

#include <cxxopts.hpp>
#include <fmt/format.h>

#include "cli/command.h"
#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

constexpr const char* kWords = "words";

std::string value_name(const OptionSpec& spec) {
  switch (spec.kind) {
    case OptionKind::kSwitch:
      return "";
    case OptionKind::kInteger:
      return "N";
    case OptionKind::kNumber:
      return "X";
    case OptionKind::kIntegers:
      return "N,N,...";
    case OptionKind::kText:
      break;
  }
  return "TEXT";
}

std::string help_text(const OptionSpec& spec) {
  std::string text = spec.help;
  const auto& choices = spec.allowed.choices;
  if (!choices.empty() && text.find(choices.front()) == std::string::npos) {
    text += fmt::format(" ({})", join(choices));
  }
  const std::string value = option_text(spec.value);
  const bool worth_showing = spec.kind != OptionKind::kSwitch && !value.empty();
  return worth_showing ? fmt::format("{} [{}]", text, value) : text;
}

const char* title_of(CommandGroup group) {
  switch (group) {
    case CommandGroup::kTrain:
      return "Train";
    case CommandGroup::kMeasure:
      return "Measure";
    case CommandGroup::kLook:
      return "Look";
    case CommandGroup::kUse:
      break;
  }
  return "Use";
}

cxxopts::Options new_parser(const Command& command) {
  return cxxopts::Options("autoencoder " + command.name, command.summary);
}

cxxopts::Options make_parser(const Command& command) {
  cxxopts::Options parser = new_parser(command);
  parser.allow_unrecognised_options();
  for (const OptionSpec& spec : command.options()) {
    const auto value = cxxopts::value<std::string>();
    if (spec.kind == OptionKind::kSwitch) {
      value->implicit_value("true");
    }
    parser.add_option(spec.group, "", spec.name, "", value, "");
  }
  parser.add_option("hidden", "", kWords, "", cxxopts::value<std::vector<std::string>>(), "");
  parser.parse_positional(kWords);
  return parser;
}

bool has_option(const Command& command, const std::string& name) {
  return std::ranges::any_of(command.options(), [&](const OptionSpec& spec) { return spec.name == name; });
}

std::vector<std::string> groups_of(const std::vector<OptionSpec>& specs) {
  std::vector<std::string> groups;
  for (const OptionSpec& spec : specs) {
    if (std::find(groups.begin(), groups.end(), spec.group) == groups.end()) {
      groups.push_back(spec.group);
    }
  }
  return groups;
}

cxxopts::ParseResult parse(cxxopts::Options& parser, const std::vector<std::string>& words) {
  std::vector<const char*> argv = {"autoencoder"};
  for (const std::string& word : words) {
    argv.push_back(word.c_str());
  }
  try {
    return parser.parse(static_cast<int>(argv.size()), argv.data());
  } catch (const cxxopts::exceptions::exception& problem) {
    throw UsageError(problem.what());
  }
}

[[noreturn]] void refuse(const std::string& word, const Command& command) {
  std::vector<std::string> names = {"--help"};
  for (const OptionSpec& spec : command.options()) {
    names.push_back("--" + spec.name);
  }
  const std::string name = word.substr(0, word.find('='));
  throw UsageError(fmt::format("{} has no option {}{} ('autoencoder {} --help' lists them)", command.name,
                               name, did_you_mean(name, names), command.name));
}

// cxxopts takes names of one letter behind one dash alone: --k 4 and --k=4 are -k 4 to it.
std::vector<std::string> spelled_for_parser(const std::vector<std::string>& words, const Command& command) {
  std::vector<std::string> result;
  const auto options_end = std::find(words.begin(), words.end(), "--");
  for (auto word = words.begin(); word != options_end; ++word) {
    if (!word->starts_with("--") || std::min(word->size(), word->find('=')) != 3) {
      result.push_back(*word);
      continue;
    }
    if (!has_option(command, word->substr(2, 1))) {
      refuse(*word, command);
    }
    result.push_back(word->substr(1, 2));
    if (word->size() > 3) {
      result.push_back(word->substr(4));
    }
  }
  result.insert(result.end(), options_end, words.end());
  return result;
}

void check_word_count(const std::vector<std::string>& words, const Command& command) {
  if (words.size() < command.min_words) {
    throw UsageError(
        fmt::format("{} needs {}, as in: {}", command.name, command.synopsis, command.examples.front()));
  }
  if (words.size() > command.max_words) {
    throw UsageError(fmt::format("{} does not know what to do with '{}'; see 'autoencoder {} --help'",
                                 command.name, words[command.max_words], command.name));
  }
}

bool is_help(const std::string& word) { return word == "--help" || word == "-h"; }

// What stands beside the wish for help; nothing where that is no command line.
Json options_in(std::vector<std::string> words, const Command& command) {
  std::erase_if(words, is_help);
  try {
    return parse_arguments(command, words).options;
  } catch (const UsageError&) {
    return Json::object();
  }
}

}  // namespace

bool asks_for_help(const std::vector<std::string>& words) { return std::ranges::any_of(words, is_help); }

Arguments parse_arguments(const Command& command, const std::vector<std::string>& words) {
  cxxopts::Options parser = make_parser(command);
  const cxxopts::ParseResult result = parse(parser, spelled_for_parser(words, command));
  if (!result.unmatched().empty()) {
    refuse(result.unmatched().front(), command);
  }
  Arguments arguments;
  for (const OptionSpec& spec : command.options()) {
    if (result.count(spec.name) > 0) {
      try {
        arguments.options[spec.name] = parse_option(spec, result[spec.name].as<std::string>());
      } catch (const Error& error) {
        throw UsageError(fmt::format("--{}", error.what()));
      }
    }
  }
  if (result.count(kWords) > 0) {
    arguments.words = result[kWords].as<std::vector<std::string>>();
  }
  check_word_count(arguments.words, command);
  return arguments;
}

std::string command_help(const Command& command, const std::vector<std::string>& words) {
  const std::vector<OptionSpec> specs =
      command.told_options ? command.told_options(options_in(words, command)) : command.options();
  cxxopts::Options parser = new_parser(command);
  for (const OptionSpec& spec : specs) {
    const bool is_switch = spec.kind == OptionKind::kSwitch;
    const std::shared_ptr<cxxopts::Value> value =
        is_switch ? cxxopts::value<bool>() : cxxopts::value<std::string>();
    parser.add_option(spec.group, "", spec.name, help_text(spec), value, value_name(spec));
  }
  parser.custom_help((command.synopsis.empty() ? "" : command.synopsis + " ") + "[OPTION...]");
  parser.positional_help("");
  parser.set_width(100);
  std::string help = parser.help(groups_of(specs));
  help += command.examples.size() == 1 ? "\nExample:\n" : "\nExamples:\n";
  for (const std::string& example : command.examples) {
    help += "  " + example + "\n";
  }
  return help;
}

std::string program_help() {
  std::string help =
      "autoencoder: trains, measures, uses and ships autoencoders\n\n"
      "Usage:\n  autoencoder COMMAND [OPTION...]\n";
  std::optional<CommandGroup> group;
  for (const Command& command : commands()) {
    if (command.group != group) {
      group = command.group;
      help += fmt::format("\n{}:\n", title_of(command.group));
    }
    help += fmt::format("  {:<12} {}\n", command.name, command.summary);
  }
  return help +
         "\n'autoencoder COMMAND --help' lists a command's options; 'autoencoder --version' what it was "
         "built with.\n\n"
         "Example:\n  autoencoder train --model vae --epochs 20\n";
}

}  // namespace autoencoder
