// Tables of numbers as text: commas, semicolons, tabs or blanks between cells, with a header line or without.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <torch/types.h>

#include "common/files.h"

namespace autoencoder {

/// What a table holds.
struct CsvTable {
  torch::Tensor values;                   ///< N x D, float32
  torch::Tensor labels;                   ///< N, int64; undefined where no label column was asked for
  std::vector<std::string> label_names;   ///< sorted; name of label i; empty where labels are whole numbers
  torch::Tensor responses;                ///< N, float32; undefined where no target column was asked for
  std::vector<std::string> column_names;  ///< of the values; empty where there is no header
};

/// The columns of a table that are no features; each is "" for none, a column's position (0 is the first, -1
/// the last), or its name in the header.
struct CsvColumns {
  std::string label = {};
  std::string target = {};  ///< what is to be predicted: numbers
};

/// Reads a table in one pass; what it keeps of it are the numbers.
///
/// What separates the cells is a tab, semicolon, comma, or else blanks: the first of them that the first line
/// has outside quotes. That line is a header where a cell of it, other than the labels, is text. Cells may
/// be quoted ("" within is a quote), lines end in LF or CRLF, and empty lines at the end do not count.
///
/// Labels are whole numbers, kept as they are, or else names, numbered in their sorted order.
///
/// Throws Error, naming file, line and column (counted from 1), value and remedy: no rows; rows of different
/// length; a cell that is empty, text, or no finite float32; a quote without end; a column that is not there,
/// or is both label and target; labels that are fractions.
CsvTable read_csv(const std::filesystem::path& path, const CsvColumns& columns = {});

/// A table that is written row by row, whole or not at all (common/files.h).
class CsvFile {
 public:
  explicit CsvFile(const std::filesystem::path& path) : file_(path) {}

  /// The cells as they are: see csv_cell.
  void add(const std::vector<std::string>& cells);

  /// Without it nothing is left.
  void commit();

 private:
  void flush();

  NewFile file_;
  std::string text_;  // that is yet to be written
};

/// A text as a cell that read_csv reads: in quotes where it must be, whatever separates cells.
std::string csv_cell(const std::string& text);

/// The same in a table whose cells that separates.
std::string csv_cell(const std::string& text, char separator);

}  // namespace autoencoder
