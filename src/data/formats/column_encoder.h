// The cells of one column as entries of encoded rows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "data/formats/csv_cells.h"
#include "data/table_schema.h"

namespace autoencoder {

/// How numbers are written in the table that is read.
struct NumberWriting {
  bool may_have_comma = false;           ///< before decimals
  bool has_points_in_thousands = false;  ///< where three digits follow, so that these are refused
};

class ColumnEncoder {
 public:
  /// `column` and `missing` must outlive it.
  ColumnEncoder(const TableColumn& column, const MissingWords& missing, const NumberWriting& writing);

  /// Writes column.width() entries: NaN where the cell is missing. Throws Error, "is 'x', no number; ...",
  /// where it is not of the column's kind.
  void encode(std::string_view cell, float* entries);

  /// A line for people on words that the column does not know; nothing where there were none.
  std::optional<std::string> note() const;

 private:
  float number_in_cell(std::string_view cell) const;
  void encode_word(std::string_view cell, float* entries);
  void encode_yes_no(std::string_view cell, float* entries);
  void note_unseen(std::string_view cell);
  std::optional<size_t> word_at(std::string_view cell) const;

  const TableColumn* column_;
  const MissingWords* missing_;
  NumberWriting writing_;
  int64_t width_;
  std::map<std::string, size_t, std::less<>> words_;
  std::map<double, size_t> numbers_;  // words that are numbers, however they are written
  int64_t unseen_ = 0;                // cells
  std::map<std::string, int64_t, std::less<>> unseen_words_;  // a few
};

}  // namespace autoencoder
