// The levels of convolutional backbones, each of which halves what it is given.
#pragma once

#include <cstdint>
#include <vector>

namespace autoencoder {

inline constexpr int64_t kSmallestSide = 8;  ///< that the last level has at most, where the user names none
inline constexpr int64_t kFirstChannels = 32;
inline constexpr int64_t kMostChannels = 128;

/// Channels of each level: `wished`, or, where that is 0 alone, what fits a length: kFirstChannels, twice as
/// many from level to level up to kMostChannels, until the length is kSmallestSide at most; two levels at
/// least. `what` has that length, for errors: "picture". Throws Error where `wished` names no level, or one
/// without channels.
std::vector<int64_t> channels_of_levels(const std::vector<int64_t>& wished, int64_t length, const char* what);

}  // namespace autoencoder
