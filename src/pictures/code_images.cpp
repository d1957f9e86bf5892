#include <tuple>

#include <torch/types.h>

#include "pictures/grid.h"
#include "pictures/near_square.h"

namespace autoencoder {

torch::Tensor codes_as_images(const torch::Tensor& codes) {
  TORCH_CHECK(codes.dim() == 2 && codes.size(1) > 0, "codes must be N x D with D > 0, not ", codes.sizes());
  const auto [height, width] = near_square(codes.size(1));
  const torch::Tensor values = codes.detach().to(torch::kCPU, torch::kFloat);
  const torch::Tensor largest = values.numel() > 0 ? values.abs().max().clamp_min(1e-12) : torch::ones({});

  torch::Tensor pixels = torch::zeros({codes.size(0), height * width});
  pixels.slice(1, 0, codes.size(1)).copy_(values / largest * 0.5 + 0.5);
  return pixels.view({codes.size(0), 1, height, width});
}

torch::Tensor bands_of(const torch::Tensor& images) {
  const int64_t channels = images.size(1);
  return channels == 1 || channels == 3
             ? images
             : images.reshape({images.size(0), 1, channels * images.size(2), images.size(3)});
}

torch::Tensor sheet_of(const torch::Tensor& images, int64_t columns) {
  const int64_t count = images.size(0);
  const int64_t rows = (count + columns - 1) / columns;
  const auto [channels, height, width] = std::tuple(images.size(1), images.size(2), images.size(3));
  torch::Tensor places = torch::zeros({rows * columns, channels, height, width}, images.options());
  places.narrow(0, 0, count).copy_(images);
  return places.view({rows, columns, channels, height, width})
      .permute({2, 0, 3, 1, 4})
      .reshape({channels, rows * height, columns * width});
}

torch::Tensor heat_of(const torch::Tensor& values) {
  const torch::Tensor level = 3 * values.detach().to(torch::kCPU, torch::kFloat).clamp(0, 1);
  return torch::cat({level, level - 1, level - 2}, 1).clamp(0, 1);
}

}  // namespace autoencoder
