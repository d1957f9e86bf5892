// Tables as a data set.
#pragma once

#include <filesystem>

#include "data/dataset.h"
#include "data/formats/table_reader.h"
#include "data/source.h"

namespace autoencoder {

/// A table as data: its rows, encoded, are N x 1 x 1 x W float32, with holes as NaN; its schema says what
/// they are, its notes what was left out, and `suited` the options that fit its columns. Throws Error as
/// read_table.
DataSource read_csv_source(const std::filesystem::path& path, const TableReading& reading = {});

/// How the options of a table say that it is to be read. Throws Error on a kind of column that there is not,
/// and as read_schema.
TableReading table_reading(const SourceOptions& source);

}  // namespace autoencoder
