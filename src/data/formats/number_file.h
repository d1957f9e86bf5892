// Files of numbers as a data set, whichever their format.
#pragma once

#include <filesystem>
#include <string>

#include "data/dataset.h"
#include "data/formats/csv.h"

namespace autoencoder {

/// What a file's name says that it is; capitals do not matter.
enum class NumberFile {
  kNone,
  kTable,      ///< .csv, .tsv, .txt
  kNpy,        ///< .npy
  kOptdigits,  ///< .tes, .tra
};
NumberFile number_file_kind(const std::filesystem::path& path);

/// The endings, for people: ".csv, .tsv, .txt, .npy, .tes, .tra".
std::string number_file_endings();

/// Reads a file of numbers; rows of a table become N x 1 x 1 x D float32. `columns` are of tables alone
/// (see read_csv). Throws Error as its reader.
DataSource read_number_file(const std::filesystem::path& path, const CsvColumns& columns);

}  // namespace autoencoder
