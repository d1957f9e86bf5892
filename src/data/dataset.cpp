#include "data/dataset.h"

#include <algorithm>

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "common/vectorised.h"

namespace autoencoder {
namespace {

constexpr int64_t kImagesAThread = 64;

AUTOENCODER_VECTORISED
void scale_bytes(const uint8_t* bytes, float* numbers, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    numbers[i] = static_cast<float>(bytes[i]) / 255;
  }
}

}  // namespace

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

torch::Tensor select_unit_range(const torch::Tensor& images, const torch::Tensor& indices) {
  if (!images.is_cpu() || images.scalar_type() != torch::kUInt8 || !images.is_contiguous()) {
    return to_unit_range(images.index_select(0, indices));
  }
  std::vector<int64_t> sizes = images.sizes().vec();
  sizes[0] = indices.size(0);
  torch::Tensor selected = torch::empty(sizes, torch::kFloat32);
  const int64_t pixels = images.stride(0);
  const auto from = images.accessor<uint8_t, 4>();
  const auto chosen = indices.accessor<int64_t, 1>();
  auto* const to = selected.mutable_data_ptr<float>();
  at::parallel_for(0, sizes[0], kImagesAThread, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      TORCH_CHECK_INDEX(chosen[i] >= 0 && chosen[i] < from.size(0), "no example ", chosen[i]);
      scale_bytes(from[chosen[i]].data(), to + i * pixels, pixels);
    }
  });
  return selected;
}

}  // namespace autoencoder
