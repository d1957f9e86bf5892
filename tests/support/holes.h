// What a row of a table has where a cell is missing.
#pragma once

#include <limits>

namespace autoencoder::testing {

inline constexpr float kHole = std::numeric_limits<float>::quiet_NaN();

}  // namespace autoencoder::testing
