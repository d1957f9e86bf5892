// Tables written from encoded rows: one with its holes filled, and new ones.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <torch/types.h>

#include "data/formats/table_plan.h"

namespace autoencoder {

/// The text for a hole: `row` counts the table's rows from 0, `column` those of the schema.
using FilledCell = std::function<std::string(int64_t row, int64_t column)>;

/// Copies a table to `to`, whole or not at all, as it stands: separator, header, quotes, comments, the order
/// of columns, and those that the schema does not have. Only cells of the schema's columns that are missing
/// (MissingWords) are replaced. It is written as UTF-8, not packed. reading.schema must be there. Throws
/// Error as plan_table, and where the disk refuses.
void rewrite_holes(const std::filesystem::path& from, const std::filesystem::path& to,
                   const TableReading& reading, const FilledCell& filled);

/// A table of new rows, with a header: values N x W, encoded as schema.layout() says; NaN becomes an empty
/// cell. Commas separate its cells, or semicolons where numbers have decimal commas.
std::string rows_as_csv(const TableSchema& schema, const torch::Tensor& values);

}  // namespace autoencoder
