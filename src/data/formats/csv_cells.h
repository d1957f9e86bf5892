// What a single cell of a table says: nothing, a number, or words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace autoencoder {

/// The words that stand for a cell that is missing, whatever their case: nothing, NA, N/A, NaN, null, none,
/// ?, -, \N (as MySQL writes it) and those of the user.
class MissingWords {
 public:
  /// `more`: words; one that is a number stands for all ways to write it.
  explicit MissingWords(const std::vector<std::string>& more = {});

  /// For cells that are no numbers.
  bool has_text(std::string_view cell) const;
  bool has_number(double number) const { return !numbers_.empty() && numbers_.contains(number); }
  /// For any cell.
  bool has(std::string_view cell) const;

 private:
  std::set<std::string, std::less<>> words_;  // lower case
  std::set<double> numbers_;
  size_t longest_ = 0;
};

/// A number as tables write it.
struct WrittenNumber {
  double value = 0;
  bool has_percent = false;  ///< "12%": 12
  bool has_comma = false;    ///< for its decimals
};

/// What a cell says that number_in does not know: percent signs, and commas for decimals where
/// `may_have_comma`. Nothing where it is no number.
std::optional<WrittenNumber> written_number_in(std::string_view cell, bool may_have_comma);

/// Digits that a number was written with after its point or comma; those of 1.5e-3 are 4.
int64_t decimals_in(std::string_view cell);

/// How many digits a text begins with.
size_t digits_at_start(std::string_view text);

/// What stands before a number's decimals: ',' of "1,5", '.' of "0.125"; '\0' where there are none, and where
/// these may be thousands: "1,234", "1.234".
char decimal_mark_in(std::string_view cell);

/// Whether a cell is a number but for such marks between its thousands: "1,234", "12,345.6"; not "0,345".
bool has_thousands(std::string_view cell, std::string_view mark = ",");

/// What keeps a cell from being a number that could be read, and the remedy: "with commas between its
/// thousands; remove these, decimals follow a point". These are marks between thousands (commas, points,
/// apostrophes, spaces) and signs of currency. Empty for all other cells.
std::string refused_marks(std::string_view cell);

/// The cell as UTF-8: bytes that are none are taken for Latin-1.
std::string as_utf8(std::string_view cell);

/// The cell as people may see it: as_utf8, without control characters, no longer than a line.
std::string shown_cell(std::string_view cell);

/// A column's name, or a word, as it is typed behind an option that takes several: 'column 0', '"x, y"'.
std::string as_option(std::string_view name);

}  // namespace autoencoder
