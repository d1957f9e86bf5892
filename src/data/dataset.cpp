#include "data/dataset.h"

#include <torch/torch.h>

namespace autoencoder {

torch::Tensor to_unit_range(const torch::Tensor& images) {
  if (images.scalar_type() == torch::kUInt8) {
    return images.to(torch::kFloat32).div_(255);
  }
  return images.to(torch::kFloat32);
}

}  // namespace autoencoder
