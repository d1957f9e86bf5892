// Examples that are no images.
#pragma once

#include <torch/types.h>

namespace autoencoder {

/// Whether examples (N x C x H x W) are plain vectors, as ImageShape::is_vector says of one.
inline bool are_vectors(const torch::Tensor& examples) {
  return examples.size(1) == 1 && examples.size(2) == 1;
}

}  // namespace autoencoder
