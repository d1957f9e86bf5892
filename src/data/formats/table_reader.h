// Tables of numbers, words, dates and holes as encoded rows.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <torch/types.h>

#include "data/formats/table_plan.h"

namespace autoencoder {

/// What a table holds.
struct TableContent {
  torch::Tensor values;                  ///< N x W float32, encoded as schema.layout() says; NaN: a hole
  torch::Tensor labels;                  ///< N, int64; undefined where there is no label column
  std::vector<std::string> label_names;  ///< sorted, those of a given schema first; empty where labels are
                                         ///< whole numbers
  torch::Tensor responses;               ///< N, float32; undefined where there is no target column
  TableSchema schema;
  std::vector<std::string> notes;  ///< lines for people
};

/// Reads a table as people have them. Its columns are found in one pass (see plan_table) and encoded in
/// another, which writes into the tensor that is returned; tables of numbers alone are read in one. No second
/// copy of all the numbers is ever made.
///
/// What separates cells is a tab, semicolon, comma, bar, or else blanks; a missing cell is one of
/// MissingWords. A column is of numbers ("12%" is one, and "1,5" where the table writes decimals so); yes-no,
/// where it has 0 and 1 alone or two words (the second in sorted order is 1, or yes, true, t, y); of times
/// (see time_in); or else a category of at most kMostWords words. Counts are found by wish alone.
///
/// What numbers or names the rows, has one value alone, or none, is left out and told of. Labels are as
/// read_csv has them, and those of a schema keep their numbers. Throws Error, naming file, line and column
/// (counted from 1), value and remedy.
TableContent read_table(const std::filesystem::path& path, const TableReading& reading = {});

}  // namespace autoencoder
