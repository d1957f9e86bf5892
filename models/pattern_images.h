// Pictures of patterns: weights of a unit, a component.
#pragma once

#include <torch/types.h>

#include "common/image_shape.h"

namespace autoencoder {

/// patterns: K x (C*H*W), any range. K x C x H x W in [0, 1]: each pattern divided by its own largest
/// absolute value, 0 in mid-grey.
torch::Tensor pattern_images(const torch::Tensor& patterns, const ImageShape& shape);

}  // namespace autoencoder
