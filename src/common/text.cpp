#include "common/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace autoencoder {
namespace {

// Optimal string alignment distance.
size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const size_t substitution = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest_name(const std::string& word, const std::vector<std::string>& names) {
  const auto distance = [&](const std::string& name) { return edit_distance(word, name); };
  const auto best = std::min_element(names.begin(), names.end(),
                                     [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  const size_t tolerance = std::max<size_t>(1, word.size() / 3);
  const bool is_near = best != names.end() && distance(*best) <= tolerance && distance(*best) < word.size();
  return is_near ? std::optional(*best) : std::nullopt;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
  const auto name = nearest_name(word, names);
  return name ? fmt::format("; did you mean '{}'?", *name) : "";
}

std::string join(const std::vector<std::string>& words, const std::string& separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

namespace {

// Takes what stands in quotes off the text's start, without them; nothing where none begins, or none closes.
std::string take_quoted(std::string_view& text) {
  std::string word;
  for (size_t at = 1; text.starts_with('"') && at < text.size(); ++at) {
    if (text[at] == '"' && text.substr(at, 2) != "\"\"") {
      text.remove_prefix(at + 1);
      return word;
    }
    at += text[at] == '"' ? 1 : 0;
    word.push_back(text[at]);
  }
  return "";
}

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> words;
  for (std::string_view rest = text; !rest.empty();) {
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
    const std::string quoted = take_quoted(rest);
    const size_t end = std::min(rest.size(), rest.find(','));
    words.push_back(quoted + std::string(without_blanks(rest.substr(0, end))));
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return words;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return lower;
}

std::string as_file_name(std::string name) {
  for (char& letter : name) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool is_fit = byte >= 0x80 || std::isalnum(byte) != 0 || letter == '.' || letter == '_';
    letter = is_fit ? letter : '-';
  }
  return name;
}

std::string with_thousands(int64_t number) {
  const std::string digits = std::to_string(std::abs(number));
  std::string text = number < 0 ? "-" : "";
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      text.push_back(',');
    }
    text.push_back(digits[i]);
  }
  return text;
}

std::string counted(int64_t number, const std::string& noun) {
  return fmt::format("{} {}{}", with_thousands(number), noun, number == 1 ? "" : "s");
}

std::string duration_text(double seconds) {
  if (seconds < 10) {
    return fmt::format("{:.1f} s", seconds);
  }
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 60) {
    return fmt::format("{} s", whole);
  }
  return whole < 3600 ? fmt::format("{}:{:02}", whole / 60, whole % 60)
                      : fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string bytes_text(uint64_t bytes) {
  static constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits.at(unit));
}

std::optional<uint64_t> bytes_from(std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  constexpr double kMost = 1e18;
  const size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
  const bool has_unit = unit != std::string_view::npos;
  const auto number = number_from<double>(text.substr(0, text.size() - (has_unit ? 1 : 0)));
  const double bytes = number.value_or(0) * std::pow(1024.0, has_unit ? static_cast<double>(unit + 1) : 0);
  return bytes >= 1 && bytes <= kMost ? std::optional(static_cast<uint64_t>(bytes)) : std::nullopt;
}

}  // namespace autoencoder
