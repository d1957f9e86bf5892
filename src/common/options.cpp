#include "common/options.h"

#include <cmath>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

constexpr const char* kNoNumbers = "none";

std::string number_text(double number) { return fmt::format("{:g}", number); }

// 2147483647, not 2.14748e+09: what is refused one above it must not look the same.
std::string bound_text(double bound) {
  constexpr double kLongest = 1e20;
  return bound == std::floor(bound) && std::abs(bound) <= kLongest ? fmt::format("{:.0f}", bound)
                                                                   : number_text(bound);
}

std::string bounds_text(const Allowed& allowed) {
  std::string low = (allowed.open_below ? "more than " : "at least ") + bound_text(allowed.min);
  std::string high = (allowed.open_above ? "less than " : "at most ") + bound_text(allowed.max);
  if (std::isinf(allowed.max)) {
    return low;
  }
  return std::isinf(allowed.min) ? high : low + " and " + high;
}

Error out_of_bounds(const std::string& name, const std::string& value, const Allowed& allowed) {
  return Error(fmt::format("{} is {}; it must be {}", name, value, bounds_text(allowed)));
}

// Exact for every whole number of 64 bits, where a double takes 2^63 - 1 for 2^63.
using Exact = long double;
static_assert(std::numeric_limits<Exact>::digits >= 64);

void check_number(const std::string& name, Exact value, const Allowed& allowed, const std::string& text) {
  const bool low_enough = allowed.open_above ? value < allowed.max : value <= allowed.max;
  const bool high_enough = allowed.open_below ? value > allowed.min : value >= allowed.min;
  if (std::isnan(value) || std::isinf(value) || !low_enough || !high_enough) {
    throw out_of_bounds(name, text, allowed);
  }
}

// What is allowed of it and fits an int64_t.
Allowed in_64_bits(Allowed allowed) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  allowed.min = std::max(allowed.min, -kTwoTo63);
  allowed.open_above = allowed.open_above || allowed.max >= kTwoTo63;
  allowed.max = std::min(allowed.max, kTwoTo63);
  return allowed;
}

void check_text(const std::string& name, const std::string& value, const Allowed& allowed) {
  const auto& choices = allowed.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
    std::vector<std::string> named = choices;
    std::erase(named, "");  // what stands for nothing said
    throw Error(fmt::format("{} is '{}'; it must be one of {}{}", name, value, join(named),
                            did_you_mean(value, named)));
  }
}

class Describer : public OptionVisitor {
 public:
  void group(const std::string& title) override { group_ = title; }
  void option(const std::string& name, bool& value, const std::string& help) override {
    add(name, OptionKind::kSwitch, value, help, {});
  }
  void option(const std::string& name, int64_t& value, const std::string& help,
              const Allowed& allowed) override {
    add(name, OptionKind::kInteger, value, help, allowed);
  }
  void option(const std::string& name, double& value, const std::string& help,
              const Allowed& allowed) override {
    add(name, OptionKind::kNumber, value, help, allowed);
  }
  void option(const std::string& name, std::string& value, const std::string& help,
              const Allowed& allowed) override {
    add(name, OptionKind::kText, value, help, allowed);
  }
  void option(const std::string& name, std::vector<int64_t>& value, const std::string& help,
              const Allowed& allowed) override {
    add(name, OptionKind::kIntegers, value, help, allowed);
  }

  std::vector<OptionSpec> specs;

 private:
  void add(const std::string& name, OptionKind kind, Json value, const std::string& help,
           const Allowed& allowed) {
    specs.push_back({name, kind, std::move(value), help, allowed, group_});
  }

  std::string group_;
};

class Reader : public OptionVisitor {
 public:
  explicit Reader(const Json& values) : values_(values) {}

  void option(const std::string& name, bool& value, const std::string& /*help*/) override {
    if (const Json* given = find(name)) {
      require(name, given->is_boolean(), "true or false");
      value = given->get<bool>();
    }
  }
  void option(const std::string& name, int64_t& value, const std::string& /*help*/,
              const Allowed& allowed) override {
    if (const Json* given = find(name)) {
      value = integer(name, *given, allowed);
    }
  }
  void option(const std::string& name, double& value, const std::string& /*help*/,
              const Allowed& allowed) override {
    if (const Json* given = find(name)) {
      require(name, given->is_number(), "a number");
      check_number(name, given->get<double>(), allowed, fmt::format("{}", given->get<double>()));
      value = given->get<double>();
    }
  }
  void option(const std::string& name, std::string& value, const std::string& /*help*/,
              const Allowed& allowed) override {
    if (const Json* given = find(name)) {
      require(name, given->is_string(), "a text");
      check_text(name, given->get<std::string>(), allowed);
      value = given->get<std::string>();
    }
  }
  void option(const std::string& name, std::vector<int64_t>& value, const std::string& /*help*/,
              const Allowed& allowed) override {
    if (const Json* given = find(name)) {
      require(name, given->is_array(), "a list of whole numbers");
      value.clear();
      for (const Json& element : *given) {
        value.push_back(integer(name, element, allowed));
      }
    }
  }

 private:
  const Json* find(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &*found;
  }

  void require(const std::string& name, bool condition, const char* expected) const {
    if (!condition) {
      throw Error(fmt::format("{} is {}; it must be {}", name, values_.at(name).dump(), expected));
    }
  }

  int64_t integer(const std::string& name, const Json& given, const Allowed& allowed) const {
    require(name, given.is_number_integer(), given.is_array() ? "whole numbers" : "a whole number");
    const Exact value =
        given.is_number_unsigned() ? Exact(given.get<uint64_t>()) : Exact(given.get<int64_t>());
    check_number(name, value, allowed, given.dump());
    check_number(name, value, in_64_bits(allowed), given.dump());
    return given.get<int64_t>();
  }

  const Json& values_;
};

template <typename Number>
Number parse_number(const OptionSpec& spec, const std::string& word, const char* expected) {
  const auto number = number_from<Number>(word);
  if (!number) {
    throw Error(fmt::format("{} is '{}'; it must be {}", spec.name, word, expected));
  }
  return *number;
}

// Whether 64 bits hold it or not.
bool is_whole_number(const std::string& word) {
  const size_t first = word.starts_with('-') ? 1 : 0;
  return word.size() > first && word.find_first_not_of("0123456789", first) == std::string::npos;
}

int64_t parse_integer(const OptionSpec& spec, const std::string& word, const char* expected) {
  if (is_whole_number(word) && !number_from<int64_t>(word)) {
    throw out_of_bounds(spec.name, word, in_64_bits(spec.allowed));
  }
  return parse_number<int64_t>(spec, word, expected);
}

Json parse_switch(const std::string& name, const std::string& word) {
  if (word != "true" && word != "false") {
    throw Error(fmt::format("{} is '{}'; it must be true or false", name, word));
  }
  return word == "true";
}

Json parse_integers(const OptionSpec& spec, const std::string& word) {
  Json numbers = Json::array();
  if (word == kNoNumbers) {
    return numbers;
  }
  for (size_t start = 0; start < word.size();) {
    const size_t comma = std::min(word.find(',', start), word.size());
    numbers.push_back(parse_integer(spec, word.substr(start, comma - start),
                                    "whole numbers with commas between them, such as 256,64"));
    start = comma + 1;
  }
  return numbers;
}

}  // namespace

Allowed at_least(double min) { return {.min = min, .choices = {}}; }
Allowed between(double min, double max) { return {.min = min, .max = max, .choices = {}}; }
Allowed more_than(double min, double max) {
  return {.min = min, .max = max, .open_below = true, .choices = {}};
}
Allowed fraction() { return {.min = 0, .max = 1, .open_above = true, .choices = {}}; }
Allowed one_of(std::vector<std::string> choices) { return {.choices = std::move(choices)}; }

std::vector<OptionSpec> describe(Options& options) {
  Describer describer;
  options.visit(describer);
  return std::move(describer.specs);
}

Json to_json(Options& options) {
  Json values = Json::object();
  for (OptionSpec& spec : describe(options)) {
    values[spec.name] = std::move(spec.value);
  }
  return values;
}

void read_options(Options& options, const Json& values) {
  Reader reader(values);
  options.visit(reader);
}

Json parse_option(const OptionSpec& spec, const std::string& word) {
  switch (spec.kind) {
    case OptionKind::kSwitch:
      return parse_switch(spec.name, word);
    case OptionKind::kInteger:
      return parse_integer(spec, word, "a whole number");
    case OptionKind::kNumber:
      return parse_number<double>(spec, word, "a number");
    case OptionKind::kIntegers:
      return parse_integers(spec, word);
    case OptionKind::kText:
      break;
  }
  return word;
}

std::string option_text(const Json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (value.is_array()) {
    if (value.empty()) {
      return kNoNumbers;
    }
    std::vector<std::string> words;
    for (const Json& element : value) {
      words.push_back(element.dump());
    }
    return join(words, ",");
  }
  return value.is_number_float() ? number_text(value.get<double>()) : value.dump();
}

}  // namespace autoencoder
