// What is known of a table's columns: their names, kinds and words, so that other tables are read alike and
// encoded rows become cells again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
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
  int64_t decimals = 0;  ///< digits after the point that numbers are written with: as in the table, but no
                         ///< more than float32 holds
  bool has_percent = false;       ///< of a number: whether it is written with a percent sign
  bool has_comma = false;         ///< of a number: whether its decimals follow a comma
  double origin = 0;              ///< of a time, seconds since 1970: day 0
  std::string time_format = {};   ///< of a time, as strftime writes it, or "@s", "@ms", "@us", "@ns":
                                  ///< a stamp that counts since 1970
  std::string shown_format = {};  ///< as the table at hand has it (time_text), where that is not time_format;
                                  ///< no part of what is stored
  // Of the training split, of cells that are there.
  double mean = 0;                                        ///< of the column's first entry
  double spread = 1;                                      ///< its standard deviation
  double missing = 0;                                     ///< share of cells that are holes, 0..1
  double low = -std::numeric_limits<double>::infinity();  ///< smallest first entry
  double high = std::numeric_limits<double>::infinity();  ///< largest first entry

  /// Entries of an encoded row: words and one more for a category; of a time the day and the parts that vary.
  int64_t width() const;
};

/// Of a table whose rows are encoded as its layout says. A category has an entry for each of its words, and
/// a last one for all others; yes-no is 0 or 1; a time is the days since its origin, and after them sine and
/// cosine of its place in the year, in the week, and in the day where the format has hours.
struct TableSchema {
  std::vector<TableColumn> columns;
  std::string label;                     ///< name of the label column; empty where there is none
  std::vector<std::string> label_names;  ///< as Dataset::label_names
  std::string target;                    ///< name of the column to be predicted; empty where there is none
  bool has_header = true;
  std::vector<std::string> table_columns = {};  ///< names of all columns of the table, in their order

  RowLayout layout() const;
  Json to_json() const;
};

/// The inverse of to_json. Throws Error or Json::exception on anything else.
TableSchema schema_from_json(const Json& json);

/// Written whole or not at all (common/files.h).
void write_schema(const std::filesystem::path& path, const TableSchema& schema);

/// Throws Error, naming the file, where it is missing or damaged.
TableSchema read_schema(const std::filesystem::path& path);

/// Writes a time's entries, width() of them. `seconds`: since 1970.
void encode_time(const TableColumn& column, double seconds, float* entries);

/// What a table has in the place of a cell's entries (width() of them, not NaN), in the column's own units:
/// numbers with its decimals, none beyond what training saw (low, high), the likeliest word, the day written
/// as its format has it.
std::string cell_text(const TableColumn& column, const float* entries);

/// That of each cell of an encoded row (layout().width() entries), "" of a hole.
std::vector<std::string> cells_of(const TableSchema& schema, const float* entries);

}  // namespace autoencoder
