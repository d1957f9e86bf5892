// Options described once. A struct of options lists its fields in `visit`; command line, config files,
// --help, validation and `autoencoder models NAME` all come from that one list.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "common/json.h"
#include "common/text.h"

namespace autoencoder {

/// The values that an option takes. Numbers lie in [min, max], or in [min, max) where `open_above`, or in
/// (min, max] where `open_below`; texts are one of `choices`, or anything where there are none.
struct Allowed {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool open_below = false;
  bool open_above = false;
  std::vector<std::string> choices;
};

Allowed at_least(double min);
Allowed between(double min, double max);    ///< [min, max]
Allowed more_than(double min, double max);  ///< (min, max]
Allowed fraction();                         ///< [0, 1)
Allowed one_of(std::vector<std::string> choices);

// Upper bounds that options of several files share. Each lies far above what anybody wants and below what
// overflows.
constexpr double kMostExamples = 2'147'483'647;  ///< a run keeps their positions in 32 bits
constexpr double kMostEpochs = 1'000'000;
constexpr double kMostUnits = 1'000'000;     ///< of a layer, a code
constexpr double kMostLayers = 1000;         ///< that are built one after another, all alike
constexpr double kMostPictures = 1'000'000;  ///< in one
constexpr double kMostInARow = 32'000;       ///< pictures in one that viewers still open, of a pixel each
constexpr double kLargestWeight = 1e6;       ///< of penalties, norms and temperatures

/// What an option chooses among: names, and what each stands for.
template <typename Choice>
using Choices = std::vector<std::pair<std::string, Choice>>;

/// Throws std::out_of_range where it has none.
template <typename Choice>
std::string name_of(const Choices<Choice>& choices, const Choice& wanted) {
  for (const auto& [name, choice] : choices) {
    if (choice == wanted) {
      return name;
    }
  }
  throw std::out_of_range("a choice without a name");
}

/// Nothing where there is none of that name.
template <typename Choice>
std::optional<Choice> find_choice(const Choices<Choice>& choices, const std::string& wanted) {
  for (const auto& [name, choice] : choices) {
    if (name == wanted) {
      return choice;
    }
  }
  return std::nullopt;
}

/// Throws std::out_of_range where there is none of that name.
template <typename Choice>
Choice choice_named(const Choices<Choice>& choices, const std::string& wanted) {
  if (const auto choice = find_choice(choices, wanted)) {
    return *choice;
  }
  throw std::out_of_range(wanted + " is not among the choices");
}

/// Is shown each field of a struct of options, in order, with its present value.
class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;
  /// The heading of the options that follow.
  virtual void group(const std::string& /*title*/) {}
  virtual void option(const std::string& name, bool& value, const std::string& help) = 0;
  virtual void option(const std::string& name, int64_t& value, const std::string& help,
                      const Allowed& = {}) = 0;
  virtual void option(const std::string& name, double& value, const std::string& help,
                      const Allowed& = {}) = 0;
  virtual void option(const std::string& name, std::string& value, const std::string& help,
                      const Allowed& = {}) = 0;
  virtual void option(const std::string& name, std::vector<int64_t>& value, const std::string& help,
                      const Allowed& = {}) = 0;

  /// A field that holds what a name stands for: to all others it is the name.
  template <typename Choice>
  void choice(const std::string& name, Choice& value, const std::string& help,
              const Choices<Choice>& choices) {
    std::string text = name_of(choices, value);
    option(name, text, help, one_of(keys_of(choices)));
    value = choice_named(choices, text);
  }
};

/// A struct of options.
class Options {
 public:
  virtual ~Options() = default;
  virtual void visit(OptionVisitor& visitor) = 0;
};

enum class OptionKind { kSwitch, kInteger, kNumber, kText, kIntegers };

/// One option, as `describe` finds it.
struct OptionSpec {
  std::string name;
  OptionKind kind;
  Json value;  ///< the field's present value: the default, where nothing was read
  std::string help;
  Allowed allowed;
  std::string group;
};

std::vector<OptionSpec> describe(Options& options);

/// Those of a struct as it is by default.
template <typename SomeOptions>
std::vector<OptionSpec> specs_of() {
  SomeOptions options;
  return describe(options);
}

/// The options as a JSON object: name -> value.
Json to_json(Options& options);

/// Sets the fields that `values` (a JSON object) names. Names that the struct does not have are left alone,
/// so that one object can feed several structs. Throws Error on a value of the wrong type or outside what is
/// allowed.
void read_options(Options& options, const Json& values);

/// The value of an option from a word on the command line ("128,64" for a list of whole numbers, "none" for
/// an empty one). Throws Error where the word is no such value, or a whole number that 64 bits do not hold.
Json parse_option(const OptionSpec& spec, const std::string& word);

/// An option's value in words, as parse_option would read it.
std::string option_text(const Json& value);

}  // namespace autoencoder
