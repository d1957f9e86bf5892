// Series as lines over their steps, panel by panel, as PNG.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pictures/curves.h"

namespace autoencoder {

/// Steps from `first` to `last`, both of them in it.
struct StepSpan {
  double first = 0;
  double last = 0;
};

/// Lines over a common axis of steps.
struct SeriesPanel {
  std::string title;
  std::vector<ChartCurve> curves;     ///< drawn in their order; the same names in every panel share a colour
  std::vector<StepSpan> shaded = {};  ///< what is called an anomaly: behind the lines, from edge to edge
  std::vector<StepSpan> marked = {};  ///< what is known to be one: a bar along the lower edge
  std::optional<double> level = {};   ///< a line across, such as a threshold
};

struct SeriesStyle {
  std::string title;
  int columns = 1;  ///< panels side by side
};

/// Draws the panels to `path` (PNG), row by row, below a title and one legend for all of them. Throws Error
/// where the file cannot be written.
void write_series(const std::filesystem::path& path, const std::vector<SeriesPanel>& panels,
                  const SeriesStyle& style);

}  // namespace autoencoder
