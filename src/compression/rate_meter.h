// How small pictures became, and what that cost.
#pragma once

#include <cstdint>

#include <torch/types.h>

namespace autoencoder {

/// Bytes and errors, summed over pictures of bytes.
class RateMeter {
 public:
  /// What files take.
  void add_bytes(uint64_t bytes) { bytes_ += static_cast<double>(bytes); }

  /// Pictures in these files (N x C x H x W, or C x H x W; uint8), as they were and as they come back.
  void add_pictures(const torch::Tensor& originals, const torch::Tensor& decoded);

  /// A pixel's channels count as one pixel.
  double bits_per_pixel() const;
  bool is_exact() const { return squared_error_ == 0; }
  double psnr() const;  ///< dB, of the mean squared error over all; infinite where is_exact()

 private:
  double bytes_ = 0;
  double pixels_ = 0;
  double values_ = 0;  // pixels times channels
  double squared_error_ = 0;
};

}  // namespace autoencoder
