// The scale of a chart's axis: which values it shows, where, and the round numbers written beside it.
#pragma once

#include <string>
#include <vector>

namespace autoencoder {

enum class AxisScale { kLinear, kLogarithmic };

struct Tick {
  double value;
  std::string label;
};

struct Axis {
  double low = 0;
  double high = 1;  ///< above `low`
  AxisScale scale = AxisScale::kLinear;
  std::vector<Tick> ticks;  ///< rising, within [low, high]

  /// Where `value` lies: 0 at `low`, 1 at `high`.
  double position(double value) const;
};

/// An axis for values from `low` to `high` with a little room at both ends and about `ticks` round numbers
/// (1, 2 or 5 times a power of ten). A linear one begins at 0 where the values come near it; a logarithmic
/// one takes low > 0.
Axis make_axis(double low, double high, AxisScale scale, int ticks);

/// An axis for whole numbers such as epochs: ticks at whole numbers only, a little room at both ends.
Axis make_whole_number_axis(double low, double high, int ticks);

/// The smallest of 1, 2, 5, 10, 20 ... (times a power of ten) that is at least `size`; size > 0.
double round_step(double size);

/// A number as short as can be: "0.05", "250", "2e-7".
std::string number_text(double value);

}  // namespace autoencoder
