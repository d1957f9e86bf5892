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
///   are lost, whatever the light;
/// coarse: squared error of pictures that are smoothed by a Gaussian window of one pixel: what is missing,
///   added or dyed, but neither noise nor an edge that lies half a pixel off, whose errors have two signs;
/// defects: coarse times ssim: where brightness or colour and structure are wrong at once. Alone, the one
///   sees defects where a picture is rebuilt too dark, the other where it is rebuilt too smooth.
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

/// What the differences of a map are measured by.
enum class MapMeasure {
  kNone,     ///< nothing
  kPlace,    ///< what is usual at the same place of normal pictures: edges and corners are rebuilt less well
  kPicture,  ///< that, and the picture's own median: one material is rebuilt less well than another
};

Choices<MapMeasure> map_measures();

/// A kind of map: what is compared, over how many pixels it is smoothed, what the picture's score is, and
/// what it is measured by.
struct AnomalyMap {
  PixelDifference difference = pixel_differences().front().second;
  double smoothing = 0;  ///< standard deviation of the Gaussian window, in pixels; 0: none
  Pooling pooling = {};
  MapMeasure measure = MapMeasure::kNone;
  torch::Tensor usual = {};  ///< 1 x 1 x H x W: as made by usual_differences. Without it nothing is measured

  /// Of these pictures: N x 1 x H x W float32, on their device. Measured, 1 is what is usual.
  torch::Tensor of(const torch::Tensor& original, const torch::Tensor& reconstruction) const;

  std::string text() const;  ///< "ssim, smoothed over 2 pixels"
};

/// What is usual at each place, of the mean differences of normal pictures there (1 x 1 x H x W): smoothed a
/// little, and nowhere less than a tenth of their own mean, so that a place where nothing ever is, such as
/// the black around a digit, is not endlessly strange.
torch::Tensor usual_differences(const torch::Tensor& mean);

inline constexpr int64_t kSmallestDetailed = 64;  ///< shorter side of pictures that defects are looked for in

/// Whether pictures are so large that what is strange lies somewhere in them.
bool are_detailed(const ImageShape& shape);

/// The map that tells defects best in pictures of that shape.
AnomalyMap usual_map(const ImageShape& shape);

}  // namespace autoencoder
