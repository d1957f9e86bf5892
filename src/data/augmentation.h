// Pictures changed a little, afresh in every step of training: a model sees more of them than there are.
#pragma once

#include <string>
#include <vector>

#include <ATen/core/Generator.h>

#include "common/image_shape.h"
#include "data/batch.h"

namespace autoencoder {

/// "none", or any of these with commas between: "flip" (mirrored left to right, every second picture),
/// "rotate:D" (by up to D degrees either way), "crop:S" (a part of it whose shorter side is S pixels,
/// enlarged to the whole), "brightness:B" (times 1 - B to 1 + B), "noise:S" (normal, of standard deviation
/// S).
class Augmentation {
 public:
  Augmentation() = default;

  /// Throws Error on another name, and on a strength that is none.
  explicit Augmentation(const std::string& text);

  bool is_none() const;

  /// Throws Error where examples of that shape cannot be changed so.
  void check(const ImageShape& shape) const;

  /// The batch with its pictures changed, each in its own way, input and target alike, cut to [0, 1] again;
  /// vectors (N x 1 x 1 x D) have any range. Pixels that move are interpolated, and mirrored at the edges.
  /// `rng` is on their device.
  Batch apply(const Batch& batch, const at::Generator& rng) const;

 private:
  struct Kind;
  static const std::vector<Kind>& kinds();
  static const Kind& kind_named(const std::string& name, const std::string& text);

  bool moves_pixels() const { return flip_ > 0 || rotate_ > 0 || crop_ > 0; }
  torch::Tensor moved(const torch::Tensor& images, const at::Generator& rng) const;
  torch::Tensor mappings(const torch::Tensor& images, const at::Generator& rng) const;

  double flip_ = 0;  // 1 where it is asked for
  double rotate_ = 0;
  double crop_ = 0;
  double brightness_ = 0;
  double noise_ = 0;
};

}  // namespace autoencoder
