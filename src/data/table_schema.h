// What is known of a table's columns: their names, kinds and words, so that other tables are read alike and
// encoded rows become cells again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/json.h"
#include "data/row_layout.h"

namespace autoencoder {

/// A column that models see.
struct TableColumn {
  std::string name;  ///< of the header; "column 3" (from 0) where the table has none
  ColumnKind kind = ColumnKind::kNumber;
  std::vector<std::string> words = {};  ///< of a category, sorted; of yes-no the word of 0 and that of 1
  int64_t decimals = 0;                 ///< most digits after the point that a number was written with
  double origin = 0;                    ///< of a time, seconds since 1970: day 0
  std::string time_format = {};         ///< of a time, as strftime writes it
  // Of the training split, of cells that are there.
  double mean = 0;     ///< of the column's first entry
  double spread = 1;   ///< its standard deviation
  double missing = 0;  ///< share of cells that are holes, 0..1

  /// Entries of an encoded row: words and one more for a category; of a time the day and the parts that vary.
  int64_t width() const;
};

/// Parts of a time after its day: sine and cosine of its place in the year, in the week, and in the day
/// where the format has hours.
struct TableSchema {
  std::vector<TableColumn> columns;
  std::string label;                     ///< name of the label column; empty where there is none
  std::vector<std::string> label_names;  ///< as Dataset::label_names
  std::string target;                    ///< name of the column to be predicted; empty where there is none
  bool has_header = true;

  RowLayout layout() const;
  Json to_json() const;
};

/// The inverse of to_json. Throws Error or Json::exception on anything else.
TableSchema schema_from_json(const Json& json);

/// Written whole or not at all (common/files.h).
void write_schema(const std::filesystem::path& path, const TableSchema& schema);

/// Throws Error, naming the file, where it is missing or damaged.
TableSchema read_schema(const std::filesystem::path& path);

/// What a table has in the place of a cell's entries (width() of them, not NaN), in the column's own units:
/// numbers with its decimals, the likeliest word, the day written as its format has it.
std::string cell_text(const TableColumn& column, const float* entries);

}  // namespace autoencoder
