#include "evaluation/conformal.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

constexpr double kRounding = 1e-9;  // 100 times 0.01 is 1, and not a little less
constexpr double kLargest = 1e18;   // that fits a whole number

}  // namespace

int64_t examples_for_promise(double false_alarms) {
  return std::llround(std::min(std::ceil(1 / false_alarms - 1 - kRounding), kLargest));
}

double conformal_threshold(const torch::Tensor& scores, double false_alarms) {
  const int64_t count = scores.size(0);
  const int64_t needed = examples_for_promise(false_alarms);
  if (count < needed) {
    throw Error(fmt::format(
        "{} cannot promise at most {:g} % of false alarms: that takes {}; give more that were not learned "
        "from, with --data or a larger --validation-fraction, or ask for less",
        counted(count, "normal example"), 100 * false_alarms, with_thousands(needed)));
  }
  const auto above =
      static_cast<int64_t>(std::floor(static_cast<double>(count + 1) * false_alarms + kRounding));
  const torch::Tensor sorted = std::get<0>(scores.to(torch::kCPU, torch::kFloat64).sort());
  return std::nextafter(sorted[count - above].item<double>(), std::numeric_limits<double>::infinity());
}

}  // namespace autoencoder
