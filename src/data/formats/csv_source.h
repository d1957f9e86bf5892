// Tables of numbers as a data set.
#pragma once

#include <filesystem>

#include "data/dataset.h"
#include "data/formats/csv.h"

namespace autoencoder {

/// A table as data: its rows are N x 1 x 1 x D float32. Throws Error as read_csv.
DataSource read_csv_source(const std::filesystem::path& path, const CsvColumns& columns = {});

}  // namespace autoencoder
