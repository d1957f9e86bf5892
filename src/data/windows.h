// Rows of numbers that are steps of series, cut into windows: whatever file they are from.
#pragma once

#include <string>
#include <vector>

#include "common/options.h"
#include "data/dataset.h"

namespace autoencoder {

/// What makes series of rows.
struct WindowOptions : Options {
  int64_t window = 0;  ///< steps of each example; 0: rows are examples themselves
  int64_t stride = 1;  ///< from the beginning of a window to that of the next
  std::string series_column;

  void visit(OptionVisitor& visitor) override;
};

/// Rows (N x 1 x 1 x W, in the order of time) as windows of series: examples of D x 1 x L, that know their
/// series and first step (Dataset::windows), each a view of the series' own steps.
///
/// Every source in `files` is one series, called by its name, or as many as its marks (Dataset::marks) say,
/// or else as `series_column` names in it (by the column's name, or its position among the columns of
/// numbers). Rows of one series keep their order, whatever lies between them. Of a table with a schema
/// (Dataset::schema), which the series keep, time columns are no numbers of a series; the time of the marks
/// must not run backwards. A hole has the value before it, or at the beginning the one after it, and a line
/// in the notes. Labels tell which steps are anomalies: whole numbers but 0, or names but "normal"
/// and "good"; a window is an anomaly (1, "anomaly"), where a step of it is, or else normal (0). Test splits
/// of the sources stay test splits.
///
/// Throws Error, naming series, value and remedy: no rows, but pictures; a series shorter than the window;
/// time that runs backwards; a column without a value; files with different columns; a series column that is
/// not there; labels of which none is that of normal steps; a target.
DataSource windowed(const std::string& name, const std::vector<DataSource>& files,
                    const WindowOptions& options);

/// The source with its windows standardised, each series by what `scales` has of it; of no windows as it is.
DataSource standardised(const DataSource& source, const SeriesScales& scales);

}  // namespace autoencoder
