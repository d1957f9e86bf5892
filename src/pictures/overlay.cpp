#include "pictures/overlay.h"

#include <torch/types.h>

#include "pictures/grid.h"

namespace autoencoder {
namespace {

constexpr int64_t kScaleSteps = 256;
constexpr double kLargestCover = 0.85;

}  // namespace

torch::Tensor heat_over(const torch::Tensor& pictures, const torch::Tensor& values) {
  const torch::Tensor level = values.cpu().to(torch::kFloat32).clamp(0, 1);
  const torch::Tensor grey = pictures.cpu().to(torch::kFloat32).mean(1, /*keepdim=*/true);
  return torch::lerp(grey.expand({-1, 3, -1, -1}), heat_of(level), kLargestCover * level.sqrt());
}

torch::Tensor heat_scale() {
  const torch::Tensor values = torch::linspace(0, 1, kScaleSteps).view({1, 1, 1, -1});
  return heat_over(torch::full_like(values, 0.5), values)[0];
}

torch::Tensor outlined(const torch::Tensor& pictures, const torch::Tensor& masks) {
  const torch::Tensor inside = (masks.cpu() != 0).to(torch::kFloat32);
  const torch::Tensor line = torch::max_pool2d(inside, 3, 1, 1) - inside;
  const torch::Tensor cyan = torch::tensor({0.0F, 1.0F, 1.0F}).view({1, 3, 1, 1});
  return torch::lerp(pictures.cpu().to(torch::kFloat32).expand({-1, 3, -1, -1}), cyan, line);
}

}  // namespace autoencoder
