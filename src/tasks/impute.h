// Holes of a table, filled by a model that learned from such tables.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/progress.h"
#include "evaluation/column_figures.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct ImputeRequest : RunRequest {
  SourceOptions table;  ///< `data`: its file
  std::string out;
  int64_t draws = 0;
  double hide = 0;
  int64_t seed = 0;
  PrecisionOptions double_precision;

  void visit(OptionVisitor& visitor) override;
};

struct ImputeResult {
  std::vector<std::filesystem::path> out;  ///< the filled tables, one of each draw; none with `hide`
  int64_t rows = 0;
  int64_t filled = 0;                 ///< cells: holes, or what was hidden
  std::vector<ColumnFigure> figures;  ///< with `hide`: of each column
  std::vector<std::string> notes;     ///< of the table, for people

  /// Mean over columns of errors by their spread: 1 is as good as the column's mean. With `hide`; nothing
  /// where no column is of numbers.
  std::optional<double> mean_relative_error() const;
  Json to_json() const;
};

/// Fills every hole of the table and writes it anew, with all its columns in their order, numbers in their
/// own units and words by name; what is there stays as it is, letter by letter. With `draws`, as many tables,
/// of a model with a prior: what is in their holes differs as much as is not known. With `hide` a share of
/// the cells that are there is hidden and then judged, and nothing is written.
///
/// Throws UsageError where both are asked for; Error as open_requested, where the table is not like the one
/// that was learned from, has no holes or nothing but holes, where draws are asked of a model without a
/// prior, and where a file cannot be written.
ImputeResult impute_table(const ImputeRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
