#include "data/dataset.h"

#include <torch/types.h>

namespace autoencoder {

torch::Tensor first_images(const Dataset& data, int64_t most) { return data.images.range(0, most); }

Dataset chosen_examples(const Dataset& data, const torch::Tensor& indices) {
  const auto chosen_of = [&](const torch::Tensor& all) {
    return all.defined() ? all.index_select(0, indices.to(all.device())) : all;
  };
  Dataset chosen = {data.images.chosen(indices), chosen_of(data.labels), data.label_names,
                    chosen_of(data.responses)};
  chosen.schema = data.schema;
  chosen.windows = data.windows.chosen(indices);
  if (data.masks.defined()) {
    chosen.masks = data.masks.chosen(indices);
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

}  // namespace autoencoder
