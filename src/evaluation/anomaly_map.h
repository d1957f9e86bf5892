// Where a picture is strange: for each pixel, how little it is like its reconstruction; and the score of the
// picture that comes of it.
#pragma once

#include <string>

#include <torch/types.h>

#include "common/image_shape.h"
#include "common/options.h"

namespace autoencoder {

/// How two pictures differ in each pixel: original and reconstruction, both N x C x H x W, to N x 1 x H x W,
/// 0 where they are alike, and more the less they are.
using PixelDifference = torch::Tensor (*)(const torch::Tensor& original, const torch::Tensor& reconstruction);

/// The ways there are, by name; each is a mean over channels.
///
/// error: squared error;
/// ssim: structural dissimilarity (1 - SSIM) / 2 of the 11 x 11 pixels around (Wang et al. 2004; for defects
///   Bergmann et al. 2019), 0 to 1: what differs in structure, though hardly in brightness;
/// gradient: squared length of the difference of the gradients (central differences): edges that appear or
///   are lost, whatever the light.
Choices<PixelDifference> pixel_differences();

/// How the values of a map become one score: the mean of the largest ones, a share of all.
class Pooling {
 public:
  Pooling() = default;  ///< the largest one

  /// "max", "mean", or "top:S", the mean of the largest share S of them, one at least. Throws Error on
  /// another text.
  explicit Pooling(const std::string& text);

  std::string text() const;

  /// maps: N x 1 x H x W -> N float64.
  torch::Tensor apply(const torch::Tensor& maps) const;

 private:
  double share_ = 0;  // 0: of a single pixel
};

/// A kind of map: what is compared, over how many pixels it is smoothed, and what the picture's score is.
struct AnomalyMap {
  PixelDifference difference = pixel_differences().front().second;
  double smoothing = 0;  ///< standard deviation of the Gaussian window, in pixels; 0: none
  Pooling pooling = {};

  /// Of these pictures: N x 1 x H x W float32, on their device.
  torch::Tensor of(const torch::Tensor& original, const torch::Tensor& reconstruction) const;

  std::string text() const;  ///< "ssim, smoothed over 2 pixels"
};

inline constexpr int64_t kSmallestDetailed = 64;  ///< shorter side of pictures that defects are looked for in

/// Whether pictures are so large that what is strange lies somewhere in them.
bool are_detailed(const ImageShape& shape);

/// The map that tells defects best in pictures of that shape.
AnomalyMap usual_map(const ImageShape& shape);

}  // namespace autoencoder
