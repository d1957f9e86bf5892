#include "models/pattern_images.h"

namespace autoencoder {

torch::Tensor pattern_images(const torch::Tensor& patterns, const ImageShape& shape) {
  const torch::Tensor values = patterns.detach().to(torch::kFloat32);
  const torch::Tensor largest = values.abs().amax(1, /*keepdim=*/true).clamp_min(1e-12);
  return (values / largest * 0.5 + 0.5).view({-1, shape.channels, shape.height, shape.width});
}

}  // namespace autoencoder
