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
  /// Whether it is no image, but a plain vector of `width` numbers.
  bool is_vector() const { return channels == 1 && height == 1; }
  /// What one of such examples is called: "image", or "example" where it is a vector.
  const char* noun() const { return is_vector() ? "example" : "image"; }
  /// What the numbers of one are called.
  const char* numbers() const { return is_vector() ? "columns" : "pixels"; }
  /// "28x28" for one channel, "3x32x32" for more, "64 numbers" for a vector.
  std::string text() const;
};

}  // namespace autoencoder
