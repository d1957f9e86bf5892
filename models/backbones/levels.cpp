#include "models/backbones/levels.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/error.h"
#include "common/options.h"

namespace autoencoder {
namespace {

constexpr size_t kFewestLevels = 2;  // pictures of MNIST's size have so many

}  // namespace

std::vector<int64_t> channels_of_levels(const std::vector<int64_t>& wished, int64_t length,
                                        const char* what) {
  const bool leaves_it_open = wished == std::vector<int64_t>{0};
  if (wished.empty() || (!leaves_it_open && std::ranges::count(wished, 0) > 0)) {
    throw Error(fmt::format(
        "channels is {}; name at least one level, such as --channels 32,64, each with 1 channel or more, or "
        "--channels 0 alone for those that fit the {}",
        wished.empty() ? "empty" : option_text(wished), what));
  }
  if (!leaves_it_open) {
    return wished;
  }
  std::vector<int64_t> fitting;
  for (; length > kSmallestSide || fitting.size() < kFewestLevels; length = (length + 1) / 2) {
    fitting.push_back(fitting.empty() ? kFirstChannels : std::min(2 * fitting.back(), kMostChannels));
  }
  return fitting;
}

}  // namespace autoencoder
