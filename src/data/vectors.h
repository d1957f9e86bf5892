// Examples that are no images.
#pragma once

#include <torch/types.h>

namespace autoencoder {

/// Whether examples (N x C x H x W) are images, as ImageShape::is_image says of one.
inline bool are_images(const torch::Tensor& examples) { return examples.size(2) > 1; }

}  // namespace autoencoder
