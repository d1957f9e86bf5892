// The shape of one example.
#pragma once

#include <cstdint>
#include <string>

namespace autoencoder {

/// C x H x W of one example.
struct ImageShape {
  int64_t channels = 1;
  int64_t height = 0;
  int64_t width = 0;

  int64_t size() const { return channels * height * width; }
  bool operator==(const ImageShape&) const = default;
  /// "28x28" for one channel, "3x32x32" for more.
  std::string text() const;
};

}  // namespace autoencoder
