#include "cli/command.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::Not;

std::string usage_error(const std::string& command, const std::vector<std::string>& words) {
  return error_of<UsageError>([&] { parse_arguments(find_command(command), words); });
}

TEST(CommandLine, ReadsOptionsByTheirKind) {
  const Arguments arguments = parse_arguments(
      find_command("train"),
      {"--epochs", "3", "--learning-rate=0.01", "--hidden", "64,32", "--quiet", "--model", "vae"});
  EXPECT_EQ(
      arguments.options,
      Json(
          {{"epochs", 3}, {"learning-rate", 0.01}, {"hidden", {64, 32}}, {"quiet", true}, {"model", "vae"}}));
  EXPECT_TRUE(arguments.words.empty());
}

TEST(CommandLine, ASwitchDoesNotTakeTheWordBehindIt) {
  const Arguments arguments = parse_arguments(find_command("evaluate"), {"--json", "runs/a"});
  EXPECT_EQ(arguments.options, Json({{"json", true}}));
  EXPECT_THAT(arguments.words, ElementsAre("runs/a"));
}

TEST(CommandLine, NegativeNumbersAreValues) {
  EXPECT_EQ(parse_arguments(find_command("evaluate"), {"runs/a", "--seed", "-4"}).options.at("seed"), -4);
}

TEST(CommandLine, NamesOfOneLetterAreReadAsAnyOther) {
  for (const Command& command : commands()) {
    for (const OptionSpec& spec : command.options()) {
      if (spec.name.size() == 1) {
        const std::string option = "--" + spec.name;
        const Json expected = {{spec.name, 4}};
        EXPECT_EQ(parse_arguments(command, {option, "4"}).options, expected);
        EXPECT_EQ(parse_arguments(command, {option + "=4"}).options, expected);
        EXPECT_EQ(usage_error(command.name, {option + "="}), option + " is ''; it must be a whole number");
      }
    }
  }
  EXPECT_EQ(parse_arguments(find_command("train"), {"--model", "sparse", "--k", "-4"}).options.at("k"), -4);
}

TEST(CommandLine, OtherNamesOfOneLetterAreRefused) {
  EXPECT_THAT(usage_error("train", {"--q", "4"}), HasSubstr("train has no option --q"));
  EXPECT_THAT(usage_error("evaluate", {"--k=4"}), HasSubstr("evaluate has no option --k ("));
  EXPECT_THAT(parse_arguments(find_command("evaluate"), {"--", "--k"}).words, ElementsAre("--k"));
}

TEST(CommandLine, SuggestsTheNearestOption) {
  EXPECT_THAT(usage_error("train", {"--epoch", "3"}),
              HasSubstr("train has no option --epoch; did you mean '--epochs'?"));
  EXPECT_THAT(usage_error("train", {"--latnet-dim=3"}),
              HasSubstr("no option --latnet-dim; did you mean '--latent-dim'?"));
}

TEST(CommandLine, SuggestsTheNearestCommand) {
  EXPECT_THAT(error_of<UsageError>([] { find_command("tarin"); }),
              HasSubstr("no command is called 'tarin'; did you mean 'train'?"));
}

TEST(CommandLine, RefusesValuesThatAreNone) {
  EXPECT_EQ(usage_error("train", {"--epochs", "many"}), "--epochs is 'many'; it must be a whole number");
  EXPECT_THAT(usage_error("train", {"--epochs"}), HasSubstr("epochs"));
}

TEST(CommandLine, CountsTheWords) {
  EXPECT_EQ(usage_error("evaluate", {}),
            "evaluate needs RUN, as in: autoencoder evaluate runs/dense-mnist-1");
  EXPECT_THAT(usage_error("evaluate", {"a", "b"}), HasSubstr("evaluate does not know what to do with 'b'"));
  EXPECT_THAT(usage_error("train", {"vae"}), HasSubstr("train does not know what to do with 'vae'"));
}

TEST(CommandLine, HelpListsEveryOptionInGroupsWithAnExample) {
  for (const Command& command : commands()) {
    const std::string help = command_help(command, {});
    EXPECT_THAT(help, HasSubstr("Example")) << command.name;
    for (const OptionSpec& spec : command.options()) {
      EXPECT_THAT(help, HasSubstr("--" + spec.name)) << command.name;
      EXPECT_THAT(help, HasSubstr(" " + spec.group + " options:")) << command.name;
    }
    EXPECT_THAT(program_help(), HasSubstr("  " + command.name + " "));
  }
}

// Each example of the help must be a command line that the program takes.
TEST(CommandLine, ExamplesOfTheHelpParse) {
  for (const Command& command : commands()) {
    for (const std::string& example : command.examples) {
      std::istringstream stream(example);
      std::vector<std::string> words(std::istream_iterator<std::string>(stream), {});
      ASSERT_GE(words.size(), 2) << example;
      EXPECT_EQ(words[0], "autoencoder");
      EXPECT_EQ(words[1], command.name);
      EXPECT_NO_THROW(parse_arguments(command, {words.begin() + 2, words.end()})) << example;
    }
  }
}

TEST(CommandLine, HelpOfTrainTellsOfTheModelThatIsNamed) {
  const std::string help = command_help(find_command("train"), {"--model", "sparse", "--help"});
  EXPECT_THAT(help, AllOf(HasSubstr("--sparsity TEXT"), HasSubstr("--k N"), HasSubstr("--hidden N,N,...")));
  EXPECT_THAT(help, Not(AnyOf(HasSubstr("--beta"), HasSubstr("--mask-ratio"), HasSubstr("--patch-size"))));
  EXPECT_THAT(command_help(find_command("train"), {"--model", "beta-vae", "-h"}),
              HasSubstr("weight of the KL divergence [4]"));
  EXPECT_THAT(error_of([] {
                command_help(find_command("train"), {"--model", "vea", "--help"});
              }),
              HasSubstr("did you mean"));
}

TEST(CommandLine, HelpOfTrainGroupsOptionsByFamilyAndBackbone) {
  const std::string help = command_help(find_command("train"), {"--help"});
  const auto place = [&](const char* text) {
    const size_t found = help.find(text);
    EXPECT_NE(found, std::string::npos) << text;
    return found;
  };
  EXPECT_LT(place(" Model options:"), place("--latent-dim"));
  EXPECT_LT(place("--latent-dim"), place(" Sparse model options:"));
  EXPECT_LT(place(" Variational model options:"), place("--beta"));
  EXPECT_LT(place(" Transformer backbone options:"), place("--patch-size"));
  EXPECT_LT(place("--patch-size"), place(" Data options:"));
}

TEST(CommandLine, HelpNamesSwitchesPlainly) {
  EXPECT_THAT(command_help(find_command("train"), {}), Not(HasSubstr("arg(=")));
}

}  // namespace
}  // namespace autoencoder
