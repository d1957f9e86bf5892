// Whether a table's first line names its columns.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/formats/column_names.h"
#include "data/formats/csv_cells.h"

namespace autoencoder {

/// What the first lines of a table tell.
struct TableHead {
  ColumnNames names;
  char separator = ',';
  bool counts_columns = false;  ///< the first line is 0,1,2,...: names, or a row
  /// Of each column, what its decimals follow in the first rows: ',' or '.'; '\0' where nothing tells.
  std::vector<char> decimal_marks = {};

  std::vector<std::string> time_formats = {};  ///< likewise, of times (TimeFinder::exact_format); or ""

  bool has_decimals_behind(char mark) const;  ///< in any column
  /// Whether a comma is taken to stand before decimals: between semicolons, or where the first rows tell.
  bool may_have_comma() const { return separator == ';' || has_decimals_behind(','); }
};

/// Reads the first rows. The first is a header where it has a name of `wanted` that is no number; or where a
/// column has text there and only numbers below; or where no cell of it is a number, and none comes back
/// below, but in lines that are the same altogether; or where it counts its columns from 0, as pandas does,
/// and is long, has an empty cell before them, or has other than whole numbers below.
/// One that is a cell shorter than all other lines, as R writes it, has no name for the first column. Throws
/// Error where the table is empty, has nothing but a header, or has a name twice.
TableHead read_head(const std::filesystem::path& path, const MissingWords& missing,
                    const std::vector<std::string>& wanted);

}  // namespace autoencoder
