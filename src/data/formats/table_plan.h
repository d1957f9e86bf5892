// What each column of a table is for: found from the table itself, or known from that of a run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/formats/csv_cells.h"
#include "data/formats/csv_lines.h"
#include "data/formats/number_blocks.h"
#include "data/table_schema.h"

namespace autoencoder {

/// How a table is to be read. A column is its name, or its position: 0 is the first, -1 the last.
struct TableReading {
  std::string label = {};                 ///< column of labels; "" for none
  std::string target = {};                ///< of what is to be predicted: numbers; "" for none
  std::vector<std::string> columns = {};  ///< the only ones to be read, besides label and target; none: all
  std::vector<std::string> drop = {};     ///< not to be read
  std::vector<std::string> keep = {};     ///< to be read, though there seems nothing to be learned from them
  std::vector<std::string> missing = {};  ///< words for missing cells, besides the usual ones (MissingWords)
  std::map<std::string, ColumnKind> kinds = {};  ///< that are not to be found from the cells
  /// Columns of another table, by which this one is read: `columns`, `drop`, `keep` and `kinds` then do not
  /// count. Null where its own are to be found.
  std::shared_ptr<const TableSchema> schema = {};
};

/// The columns of a table that is to be read.
struct TablePlan {
  int64_t rows = 0;
  size_t width = 0;  ///< cells of each row
  bool has_header = false;
  TableSchema schema = {};
  std::vector<size_t> positions = {};  ///< in the table, of each column of the schema
  std::optional<size_t> label = {};
  std::optional<size_t> target = {};
  bool may_have_comma = false;           ///< before decimals
  bool has_points_in_thousands = false;  ///< where three digits follow: decimals follow commas
  std::vector<std::string> notes = {};   ///< lines for people: what was left out, and why
  /// The rows, where all columns are of numbers: these need no second look. Null for other tables.
  std::shared_ptr<NumberBlocks> numbers = {};
  std::vector<size_t> number_columns = {};  ///< in them, of each column of the schema
};

/// Goes through the table once, twice where a category has words that are numbers. Throws Error, naming file,
/// line and column (counted from 1), value and remedy.
TablePlan plan_table(const std::filesystem::path& path, const TableReading& reading);

/// The rows of a table below its header, all of one width.
class TableRows {
 public:
  TableRows(const std::filesystem::path& path, size_t width, bool has_header);

  /// Throws Error as CsvLines::next, on a row of another width, and on one that repeats the header.
  bool next();
  const CsvLines& lines() const { return lines_; }

 private:
  bool repeats_header() const;

  CsvLines lines_;
  size_t width_;
  std::vector<std::string> header_;  // cells; none where there is none, or of another width
  int64_t header_line_ = 0;
};

}  // namespace autoencoder
