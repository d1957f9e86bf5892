// Every number that a command or a model takes has bounds, and what lies outside is refused by name.

#include <cmath>
#include <set>

#include "cli/command.h"
#include "models/registry.h"
#include "tasks/train_plan.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

// Any number of 64 bits is a seed; most commands take negative ones, too.
const std::set<std::string> kSeeds = {"seed", "data-seed"};

bool is_number(const OptionSpec& spec) {
  return spec.kind == OptionKind::kInteger || spec.kind == OptionKind::kNumber ||
         spec.kind == OptionKind::kIntegers;
}

bool is_bounded(const OptionSpec& spec) {
  return std::isfinite(spec.allowed.min) && std::isfinite(spec.allowed.max);
}

Json as_value(const OptionSpec& spec, double number) {
  if (spec.kind == OptionKind::kNumber) {
    return number;
  }
  const auto whole = static_cast<int64_t>(number);
  return spec.kind == OptionKind::kIntegers ? Json({whole}) : Json(whole);
}

// The nearest whole number outside, on either side; of open bounds the bound itself.
std::vector<Json> values_outside(const OptionSpec& spec) {
  const Allowed& allowed = spec.allowed;
  std::vector<Json> values;
  if (std::isfinite(allowed.min)) {
    values.push_back(as_value(spec, allowed.min - (allowed.open_below ? 0 : 1)));
  }
  if (std::isfinite(allowed.max)) {
    values.push_back(as_value(spec, allowed.max + (allowed.open_above ? 0 : 1)));
  }
  if (spec.kind == OptionKind::kInteger) {
    values.emplace_back(uint64_t{1} << 63);  // one more than an int64_t holds
    values.emplace_back(std::numeric_limits<uint64_t>::max());
  }
  return values;
}

std::vector<OptionSpec> numbers_of(const std::vector<OptionSpec>& specs) {
  std::vector<OptionSpec> numbers;
  std::copy_if(specs.begin(), specs.end(), std::back_inserter(numbers), is_number);
  return numbers;
}

// What `command` says to a value; it must say so before it looks at the run, which is not there.
std::string refusal(const Command& command, const std::string& option, const Json& value) {
  const std::vector<std::string> words(command.min_words, "no-such-run");
  return error_of([&] { command.run({{{option, value}}, words}); });
}

TEST(OptionRanges, EveryNumberOfEveryCommandHasBothBounds) {
  for (const Command& command : commands()) {
    for (const OptionSpec& spec : numbers_of(command.options())) {
      EXPECT_TRUE(is_bounded(spec) || kSeeds.contains(spec.name)) << command.name << " --" << spec.name;
    }
  }
}

TEST(OptionRanges, EveryCommandRefusesWhatLiesOutside) {
  for (const Command& command : commands()) {
    if (command.name == "train") {
      continue;  // below: its options depend on the model
    }
    for (const OptionSpec& spec : numbers_of(command.options())) {
      for (const Json& value : values_outside(spec)) {
        EXPECT_THAT(refusal(command, spec.name, value), HasSubstr("--" + spec.name + " is "))
            << command.name << ": " << value;
      }
    }
  }
}

TEST(OptionRanges, TrainingRefusesWhatLiesOutside) {
  for (const OptionSpec& spec : numbers_of(specs_of<TrainOptions>())) {
    for (const Json& value : values_outside(spec)) {
      EXPECT_THAT(error_of([&] {
                    plan_training({{spec.name, value}});
                  }),
                  HasSubstr(spec.name + " is "))
          << value;
    }
  }
}

TEST(OptionRanges, EveryModelRefusesWhatLiesOutside) {
  for (const ModelEntry& model : models()) {
    for (const OptionSpec& spec : numbers_of(model_options({{"model", model.name}}))) {
      for (const Json& value : values_outside(spec)) {
        const Json given = {{"model", model.name}, {spec.name, value}};
        EXPECT_THAT(error_of([&] { plan_training(given); }), HasSubstr(spec.name + " is "))
            << model.name << ": " << value;
      }
    }
  }
}

TEST(OptionRanges, TheBoundsThemselvesAreTaken) {
  for (const OptionSpec& spec : numbers_of(specs_of<TrainOptions>())) {
    if (is_bounded(spec) && !spec.allowed.open_above) {
      EXPECT_NO_THROW(plan_training({{spec.name, as_value(spec, spec.allowed.max)}})) << spec.name;
    }
  }
}

}  // namespace
}  // namespace autoencoder
