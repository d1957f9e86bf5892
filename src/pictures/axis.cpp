#include "pictures/axis.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <regex>

#include <fmt/format.h>

namespace autoencoder {
namespace {

constexpr double kLargest = 1e300;  // so that differences stay finite
constexpr double kRoom = 0.04;      // free at each end, as a part of what is shown
constexpr double kFewDecades = 3;
constexpr double kNearZero = 0.25;  // a smallest value below this part of the largest: the axis begins at 0

/// Multiples of `step` within [low, high].
std::vector<Tick> ticks_between(double low, double high, double step) {
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  const bool plain = decimals <= 6 && std::max(std::abs(low), std::abs(high)) < 1e6;
  std::vector<Tick> ticks;
  const auto last = static_cast<int64_t>(std::floor(high / step + 1e-6));
  for (auto i = static_cast<int64_t>(std::ceil(low / step - 1e-6)); i <= last; ++i) {
    const double value = static_cast<double>(i) * step;
    ticks.push_back({value, plain ? fmt::format("{:.{}f}", value, decimals) : number_text(value)});
  }
  return ticks;
}

/// Powers of ten, and 2 and 5 times these where there would be few.
std::vector<Tick> logarithmic_ticks(double low, double high, int most) {
  const double decades = std::log10(high / low);
  const std::vector<double> factors =
      decades <= kFewDecades ? std::vector<double>{1, 2, 5} : std::vector<double>{1};
  const int stride = std::max(1, static_cast<int>(std::ceil(decades / (most + 1))));
  const int first = static_cast<int>(std::floor(std::log10(low) / stride)) * stride;
  const int last = static_cast<int>(std::floor(std::log10(high)));
  std::vector<Tick> ticks;
  for (int exponent = first; exponent <= last; exponent += stride) {
    for (const double factor : factors) {
      const double value = factor * std::pow(10.0, exponent);
      if (value >= low && value <= high) {
        ticks.push_back({value, number_text(value)});
      }
    }
  }
  return ticks;
}

Axis logarithmic_axis(double low, double high, int ticks) {
  const double room = std::pow(high / low, kRoom);
  Axis axis{low / room, high * room, AxisScale::kLogarithmic, {}};
  axis.ticks = logarithmic_ticks(axis.low, axis.high, ticks);
  return axis;
}

Axis linear_axis(double low, double high, int ticks) {
  const bool from_zero = low >= 0 && low < kNearZero * high;
  const double room = kRoom * (high - low);
  Axis axis{from_zero ? 0 : low - room, high + room, AxisScale::kLinear, {}};
  axis.ticks = ticks_between(axis.low, axis.high, round_step((axis.high - axis.low) / ticks));
  return axis;
}

}  // namespace

double Axis::position(double value) const {
  if (scale == AxisScale::kLinear) {
    return (value - low) / (high - low);
  }
  return std::log(value / low) / std::log(high / low);
}

Axis make_axis(double low, double high, AxisScale scale, int ticks) {
  low = std::clamp(low, -kLargest, kLargest);
  high = std::clamp(high, -kLargest, kLargest);
  const double magnitude = std::max(std::abs(low), std::abs(high));
  if (high - low <= 1e-9 * magnitude || magnitude == 0) {
    const double margin = magnitude > 0 ? 0.1 * magnitude : 1;
    low -= margin;
    high += margin;
  }
  return scale == AxisScale::kLogarithmic ? logarithmic_axis(low, high, ticks)
                                          : linear_axis(low, high, ticks);
}

Axis make_whole_number_axis(double low, double high, int ticks) {
  const double room = std::max(0.5 * (low == high), kRoom * (high - low));
  Axis axis{low - room, high + room, AxisScale::kLinear, {}};
  axis.ticks = ticks_between(low, high, std::max(1.0, round_step((axis.high - axis.low) / ticks)));
  return axis;
}

double round_step(double size) {
  const double power = std::pow(10.0, std::floor(std::log10(size)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= size * (1 - 1e-9)) {
      return factor * power;
    }
  }
  return 10 * power;
}

std::string number_text(double value) {
  if (value == std::round(value) && std::abs(value) < 1e6) {
    return fmt::format("{:.0f}", value);
  }
  static const std::regex long_exponent("e([-]?)[+]?0*");
  return std::regex_replace(fmt::format("{:.4g}", value), long_exponent, "e$1");
}

}  // namespace autoencoder
