// Line charts (loss over epochs, rates), as PNG.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace autoencoder {

struct ChartCurve {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;  ///< as many as x; values that are not finite leave a gap
};

/// kLoss: the smallest value of the last curve is marked, and the y axis is logarithmic where the values span
/// more than a factor of 50 and are positive. kPlain: neither.
enum class ChartKind { kLoss, kPlain };

struct ChartText {
  std::string title;
  std::string x_label;
  std::string y_label;
  ChartKind kind = ChartKind::kLoss;
};

/// Draws the curves to `path` (PNG): axes with round ticks, grid lines, a legend. One point is drawn as a
/// dot. Throws Error where the file cannot be written.
void write_chart(const std::filesystem::path& path, const std::vector<ChartCurve>& curves,
                 const ChartText& text);

}  // namespace autoencoder
