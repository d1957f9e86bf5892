#include "training/checkpoint_interval.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

constexpr int64_t kMost = 1'000'000'000;

Error not_understood(const std::string& text, const std::string& unit) {
  const std::vector<std::string> units = {"epochs", "steps", "minutes"};
  const bool is_unit = std::ranges::find(units, unit) != units.end();
  return Error(
      fmt::format("checkpoint-every is '{}'; it must be some of epochs:1, steps:500 and minutes:10, with "
                  "commas between{}",
                  text, is_unit ? "" : did_you_mean(unit, units)));
}

template <typename Number>
bool read_count(std::string_view text, Number& number) {
  const auto found = number_from<Number>(text);
  number = found.value_or(0);
  return found && number > 0 && number <= kMost;
}

}  // namespace

CheckpointInterval checkpoint_interval(const std::string& text) {
  CheckpointInterval interval;
  for (const std::string& word : split_words(text)) {
    const size_t colon = std::min(word.find(':'), word.size());
    const std::string unit = word.substr(0, colon);
    const std::string_view count = std::string_view(word).substr(std::min(colon + 1, word.size()));
    const bool is_read = unit == "epochs"    ? read_count(count, interval.epochs)
                         : unit == "steps"   ? read_count(count, interval.steps)
                         : unit == "minutes" ? read_count(count, interval.minutes)
                                             : false;
    if (!is_read) {
      throw not_understood(text, unit);
    }
  }
  if (interval.epochs == 0 && interval.steps == 0 && interval.minutes == 0) {
    throw not_understood(text, "");
  }
  return interval;
}

}  // namespace autoencoder
