// Tables whose rows are steps of series.
#pragma once

#include <filesystem>
#include <string>

#include "data/dataset.h"
#include "data/formats/table_reader.h"

namespace autoencoder {

/// A table as read_csv_source, and what its rows say of themselves as steps (Dataset::marks): when each was,
/// by the first column of times, to the digit as it is written; and by `series_column`, a name of the header
/// or "", which series it belongs to. That column is none that the model sees. Series are sorted by their
/// names, or where all of these are numbers by those, and "7" is the same one as "7.0".
///
/// A table that is read by a run's schema may lack the columns of times and of series that the run's had: it
/// then has no times, and is one series, which a line in the notes says. What `series_column` does not name
/// by the header, such as a position, makes no marks: see windowed.
///
/// Throws Error as read_table, and where a cell of the series column is missing.
DataSource read_csv_steps(const std::filesystem::path& path, TableReading reading,
                          const std::string& series_column);

}  // namespace autoencoder
