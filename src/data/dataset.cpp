#include "data/dataset.h"

#include <algorithm>

#include <torch/torch.h>

namespace autoencoder {

torch::Tensor first_images(const Dataset& data, int64_t most) {
  return data.images.narrow(0, 0, std::min(most, data.size()));
}

Dataset chosen_examples(const Dataset& data, const torch::Tensor& indices) {
  Dataset chosen = {data.images.index_select(0, indices), {}, data.label_names};
  if (data.labels.defined()) {
    chosen.labels = data.labels.index_select(0, indices);
  }
  if (data.targets.defined()) {
    chosen.targets = data.targets.index_select(0, indices);
  }
  if (!data.files.empty()) {
    for (int64_t i = 0; i < indices.size(0); ++i) {
      chosen.files.push_back(data.files[static_cast<size_t>(indices[i].item<int64_t>())]);
    }
  }
  return chosen;
}

torch::Tensor random_positions(int64_t count, int64_t most, const at::Generator& rng) {
  if (most == 0 || count <= most) {
    return torch::arange(count);
  }
  return std::get<0>(torch::randperm(count, rng, torch::kInt64).narrow(0, 0, most).sort());
}

torch::Tensor to_unit_range(const torch::Tensor& images) {
  if (images.scalar_type() == torch::kUInt8) {
    return images.to(torch::kFloat32).div_(255);
  }
  return images.to(torch::kFloat32);
}

}  // namespace autoencoder
