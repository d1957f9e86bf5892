// Words for people: suggestions for mistyped names, numbers and durations.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autoencoder {

/// The name most like `word` (fewest insertions, deletions, substitutions and swaps), or nothing where none
/// is close.
std::optional<std::string> nearest_name(const std::string& word, const std::vector<std::string>& names);

/// "; did you mean 'dense'?", or "" where no name is close.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& names);

std::string join(const std::vector<std::string>& words, const std::string& separator = ", ");

/// The words between commas, without blanks around them; nothing where there is no text. One that begins with
/// a quote may have commas up to the next ("" is a quote within): "\"x, 1\"=count" is one word, x, 1=count.
std::vector<std::string> split_words(const std::string& text);

/// The first of each pair, in order: the names in a map, or in a list of names and what they stand for.
template <typename Pairs>
std::vector<std::string> keys_of(const Pairs& pairs) {
  std::vector<std::string> keys;
  keys.reserve(pairs.size());
  for (const auto& [key, value] : pairs) {
    keys.push_back(key);
  }
  return keys;
}

/// All of `text` as a number, or nothing where it is none, or none that Number holds.
template <typename Number>
std::optional<Number> number_from(std::string_view text) {
  Number number{};
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && stop == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::string lower_case(std::string_view text);  ///< of ASCII letters

/// `name` as part of a file's name: blanks, slashes and signs that a shell knows become dashes.
std::string as_file_name(std::string name);

std::string with_thousands(int64_t number);  ///< 218272 -> "218,272"
/// 1, "image" -> "1 image"; 1200, "image" -> "1,200 images"
std::string counted(int64_t number, const std::string& noun);
std::string duration_text(double seconds);  ///< 3725 -> "1:02:05", 65 -> "1:05", 4.25 -> "4.2 s"
std::string bytes_text(uint64_t bytes);     ///< 2621440 -> "2.5 MiB"

/// "2G" -> 2 * 2^30, "512M", "1.5G", "800K", "3T", or a number of bytes; nothing on any other text, and on
/// none at all.
std::optional<uint64_t> bytes_from(std::string_view text);

}  // namespace autoencoder
