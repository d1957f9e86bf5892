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
  /// Whether it is higher than one row. What is not is numbers: a vector, or several of them side by side, as
  /// a window of a series of so many columns is.
  bool is_image() const { return height > 1; }
  /// Whether it is a plain vector of `width` numbers.
  bool is_vector() const { return channels == 1 && height == 1; }
  /// What one of such examples is called: "image", or "example" where it is none.
  const char* noun() const { return is_image() ? "image" : "example"; }
  /// What the numbers of one are called.
  const char* numbers() const { return is_image() ? "pixels" : "columns"; }
  /// "28x28" for one channel, "3x32x32" for more, "64 numbers" for a vector, "3x64 numbers" for three of
  /// them.
  std::string text() const;
};

}  // namespace autoencoder
