#include "data/dataset.h"

#include <algorithm>

#include <torch/torch.h>

namespace autoencoder {

torch::Tensor first_images(const Dataset& data, int64_t most) {
  return data.images.narrow(0, 0, std::min(most, data.size()));
}

torch::Tensor to_unit_range(const torch::Tensor& images) {
  if (images.scalar_type() == torch::kUInt8) {
    return images.to(torch::kFloat32).div_(255);
  }
  return images.to(torch::kFloat32);
}

}  // namespace autoencoder
