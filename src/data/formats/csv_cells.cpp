#include "data/formats/csv_cells.h"

#include <algorithm>

#include "common/text.h"
#include "data/formats/csv_lines.h"

namespace autoencoder {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

// Bytes of the UTF-8 character at the start; 0 where there is none.
size_t character_length(std::string_view text) {
  const auto first = static_cast<uint8_t>(text[0]);
  const size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 0 || first > 0xF4 || text.size() < length) {
    return 0;
  }
  const auto follows = [](char byte) { return (static_cast<uint8_t>(byte) & 0xC0U) == 0x80; };
  return std::ranges::all_of(text.substr(1, length - 1), follows) ? length : 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = character_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

MissingWords::MissingWords(const std::vector<std::string>& more)
    : words_{"", "na", "n/a", "nan", "null", "none", "?", "-"} {
  for (const std::string& word : more) {
    words_.insert(lower_case(word));
    if (const auto number = number_in(word)) {
      numbers_.insert(*number);
    }
  }
  for (const std::string& word : words_) {
    longest_ = std::max(longest_, word.size());
  }
}

bool MissingWords::has_text(std::string_view cell) const {
  return cell.empty() || (cell.size() <= longest_ && words_.contains(lower_case(cell)));
}

bool MissingWords::has(std::string_view cell) const {
  const auto number = numbers_.empty() ? std::nullopt : number_in(cell);
  return has_text(cell) || (number && has_number(*number));
}

std::optional<WrittenNumber> written_number_in(std::string_view cell, bool may_have_comma) {
  WrittenNumber written;
  if (cell.ends_with('%')) {
    written.has_percent = true;
    cell.remove_suffix(1);
    while (cell.ends_with(' ')) {
      cell.remove_suffix(1);
    }
  }
  std::string text(cell);
  const size_t comma = text.find(',');
  if (may_have_comma && comma != std::string::npos && text.find('.') == std::string::npos) {
    written.has_comma = true;
    text[comma] = '.';
  }
  const auto number = number_in(text);
  written.value = number.value_or(0);
  return number ? std::optional(written) : std::nullopt;
}

int64_t decimals_in(std::string_view cell) {
  const size_t point = cell.find_first_of(".,");
  const size_t exponent = cell.find_first_of("eE");
  size_t end = point == std::string_view::npos ? point : point + 1;
  int64_t digits = 0;
  for (; end < cell.size() && is_digit(cell[end]); ++end) {
    ++digits;
  }
  const auto power = exponent == std::string_view::npos
                         ? std::nullopt
                         : number_from<int64_t>(cell.substr(
                               exponent + 1 + (cell.substr(exponent + 1).starts_with('+') ? 1 : 0)));
  return std::max<int64_t>(0, digits - power.value_or(0));
}

bool has_thousands(std::string_view cell) {
  if (cell.starts_with('-') || cell.starts_with('+')) {
    cell.remove_prefix(1);
  }
  const std::string_view whole = cell.substr(0, cell.find('.'));
  const size_t first = whole.find(',');
  if (first == std::string_view::npos || first == 0 || first > 3 || (whole.size() - first) % 4 != 0) {
    return false;
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    const bool is_mark = at >= first && (at - first) % 4 == 0;
    if (is_mark ? whole[at] != ',' : !is_digit(whole[at])) {
      return false;
    }
  }
  return std::ranges::all_of(cell.substr(std::min(cell.size(), whole.size() + 1)), is_digit);
}

std::string as_utf8(std::string_view cell) {
  if (is_utf8(cell)) {
    return std::string(cell);
  }
  std::string text;
  for (const char letter : cell) {
    const auto byte = static_cast<uint8_t>(letter);
    if (byte < 0x80) {
      text.push_back(letter);
    } else {
      text.push_back(static_cast<char>(0xC0U | byte >> 6U));
      text.push_back(static_cast<char>(0x80U | (byte & 0x3FU)));
    }
  }
  return text;
}

std::string shown_cell(std::string_view cell) {
  constexpr size_t kMost = 60;  // bytes
  std::string text = as_utf8(cell);
  std::ranges::replace_if(
      text, [](char letter) { return static_cast<uint8_t>(letter) < ' ' || letter == '\x7f'; }, ' ');
  if (text.size() <= kMost) {
    return text;
  }
  size_t end = kMost;
  while ((static_cast<uint8_t>(text[end]) & 0xC0U) == 0x80) {
    --end;
  }
  return text.substr(0, end) + "...";
}

}  // namespace autoencoder
