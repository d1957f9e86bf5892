#include "data/formats/csv_cells.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"
#include "data/formats/csv_lines.h"

namespace autoencoder {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
}

bool take_sign(std::string_view& text) {
  const bool is_there = text.starts_with('-') || text.starts_with('+');
  text.remove_prefix(is_there ? 1 : 0);
  return is_there;
}

struct ThousandsMark {
  std::string_view text;
  const char* name;
};
constexpr ThousandsMark kThousandsMarks[] = {
    {",", "commas"},
    {".", "points"},
    {"'", "apostrophes"},
    {"\u2019", "apostrophes"},
    {" ", "spaces"},
    {"\u00A0", "no-break spaces"},
    {"\u202F", "no-break spaces"},
    {"\xA0", "no-break spaces"},  // the last one is Latin-1
};
constexpr std::string_view kCurrencies[] = {"$", "€",    "£",
                                            "¥", "\x80", "\xA3"};  // the last ones are bytes of Windows

// Takes a sign of currency off either end, and the blanks beside it; "-$5" becomes "5".
bool take_currency(std::string_view& cell) {
  std::string_view rest = cell;
  take_sign(rest);
  for (const std::string_view currency : kCurrencies) {
    if (rest.starts_with(currency)) {
      rest.remove_prefix(currency.size());
      rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
      cell = rest;
      return true;
    }
    if (rest.ends_with(currency)) {
      rest.remove_suffix(currency.size());
      cell = rest.substr(0, rest.find_last_not_of(' ') + 1);
      return true;
    }
  }
  return false;
}

std::string replaced(const std::string& text, char letter, std::string_view by) {
  std::string result;
  for (const char each : text) {
    result += each == letter ? by : std::string_view(&each, 1);
  }
  return result;
}

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
    : words_{"", "na", "n/a", "nan", "null", "none", "?", "-", "\\n"} {
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
  constexpr std::string_view kFirstOfNames = "iInN";  // of inf and nan
  if (!cell.empty() && is_letter(cell[0]) && kFirstOfNames.find(cell[0]) == std::string_view::npos) {
    return std::nullopt;  // most words
  }
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

size_t digits_at_start(std::string_view text) {
  return static_cast<size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

char decimal_mark_in(std::string_view cell) {
  const auto written = written_number_in(cell, /*may_have_comma=*/true);
  if (!written || has_thousands(cell, ",") || has_thousands(cell, ".")) {
    return '\0';
  }
  return written->has_comma ? ',' : cell.find('.') != std::string_view::npos ? '.' : '\0';
}

bool has_thousands(std::string_view cell, std::string_view mark) {
  take_sign(cell);
  const size_t first = digits_at_start(cell);
  if (first == 0 || first > 3 || cell[0] == '0') {
    return false;
  }
  cell.remove_prefix(first);
  bool has_groups = false;
  while (cell.starts_with(mark) && digits_at_start(cell.substr(mark.size())) == 3) {
    cell.remove_prefix(mark.size() + 3);
    has_groups = true;
  }
  const bool has_decimals = !cell.starts_with(mark) && (cell.starts_with('.') || cell.starts_with(','));
  cell.remove_prefix(has_decimals ? 1 + digits_at_start(cell.substr(1)) : 0);
  return has_groups && cell.empty();
}

std::string refused_marks(std::string_view cell) {
  if (cell.empty() || is_letter(cell[0])) {  // most words
    return "";
  }
  const bool has_currency = take_currency(cell);
  for (const ThousandsMark& mark : kThousandsMarks) {
    if (has_thousands(cell, mark.text)) {
      return fmt::format("with {}{} between its thousands; remove these{}",
                         has_currency ? "a sign of currency and " : "", mark.name,
                         mark.text == "." ? "" : ", decimals follow a point");
    }
  }
  const bool is_number = has_currency && written_number_in(cell, /*may_have_comma=*/true);
  return is_number ? "with a sign of currency; remove it" : "";
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

std::string as_option(std::string_view name) {
  const auto is_plain = [](char letter) {
    return is_letter(letter) || is_digit(letter) || static_cast<uint8_t>(letter) >= 0x80 ||
           std::string_view("._-+/:%@").find(letter) != std::string_view::npos;
  };
  std::string text = shown_cell(name);
  if (std::ranges::all_of(text, is_plain)) {
    return text;
  }
  if (text.find(',') != std::string::npos) {
    text = "\"" + replaced(text, '"', "\"\"") + "\"";
  }
  return "'" + replaced(text, '\'', "'\\''") + "'";
}

}  // namespace autoencoder
