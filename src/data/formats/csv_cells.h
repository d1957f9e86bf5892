// What a single cell of a table says: nothing, a number, or words.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace autoencoder {

/// The words that stand for a cell that is missing, whatever their case: nothing, NA, N/A, NaN, null, none,
/// ?, - and those of the user.
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
/// `may_have_comma` (the separator is a semicolon). Nothing where it is no number.
std::optional<WrittenNumber> written_number_in(std::string_view cell, bool may_have_comma);

/// Digits that a number was written with after its point or comma; those of 1.5e-3 are 4.
int64_t decimals_in(std::string_view cell);

/// Whether a cell is a number but for commas between its thousands: "1,234", "12,345.6".
bool has_thousands(std::string_view cell);

/// The cell as UTF-8: bytes that are none are taken for Latin-1.
std::string as_utf8(std::string_view cell);

/// The cell as people may see it: as_utf8, without control characters, no longer than a line.
std::string shown_cell(std::string_view cell);

}  // namespace autoencoder
