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
  char separator;
};

/// Reads the first rows. The first is a header where it has a name of `wanted`; or where a column has text
/// there and only numbers below; or where no cell of it is a number, and none comes back below. Throws Error
/// where the table is empty, has nothing but a header, or has a name twice.
TableHead read_head(const std::filesystem::path& path, const MissingWords& missing,
                    const std::vector<std::string>& wanted);

}  // namespace autoencoder
