#include "evaluation/tiles.h"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"

namespace autoencoder {
namespace {

constexpr size_t kTilesAtOnce = 16;

using Corner = std::pair<int64_t, int64_t>;

void check_tiles(const torch::Tensor& picture, int64_t height, int64_t width, int64_t stride) {
  if (picture.size(1) < height || picture.size(2) < width) {
    throw Error(fmt::format("the picture has {} x {} pixels, less than a tile, which has {} x {}",
                            picture.size(2), picture.size(1), width, height));
  }
  const int64_t shorter = std::min(height, width);
  if (stride < 1 || stride > shorter) {
    throw Error(fmt::format("tiles of {} x {} pixels cannot lie {} apart: give 1 to {}", width, height,
                            stride, shorter));
  }
}

std::vector<Corner> corners_of(const torch::Tensor& picture, int64_t height, int64_t width, int64_t stride) {
  std::vector<Corner> corners;
  for (const int64_t y : tile_starts(picture.size(1), height, stride)) {
    for (const int64_t x : tile_starts(picture.size(2), width, stride)) {
      corners.emplace_back(y, x);
    }
  }
  return corners;
}

// The part of a whole (... x H x W) that a tile covers.
torch::Tensor cut_out(const torch::Tensor& whole, const Corner& corner, int64_t height, int64_t width) {
  return whole.narrow(-2, corner.first, height).narrow(-1, corner.second, width);
}

// Rises in a straight line from both ends of a side to its middle.
torch::Tensor weights_along(int64_t size) {
  const torch::Tensor places = torch::arange(1, size + 1, torch::kFloat32);
  return torch::minimum(places, places.flip(0));
}

// M x C x height x width.
torch::Tensor cut_tiles(const torch::Tensor& picture, std::span<const Corner> corners, int64_t height,
                        int64_t width) {
  std::vector<torch::Tensor> tiles;
  for (const Corner& corner : corners) {
    tiles.push_back(cut_out(picture, corner, height, width));
  }
  return torch::stack(tiles);
}

// The weighted mean of the tiles that cover each pixel of a picture of that size.
class Blend {
 public:
  Blend(int64_t height, int64_t width, torch::Tensor weights)
      : weights_(std::move(weights)), weight_(torch::zeros({height, width})) {}

  void add(const torch::Tensor& tiles, std::span<const Corner> corners) {
    if (!sum_.defined()) {
      sum_ = torch::zeros({tiles.size(1), weight_.size(0), weight_.size(1)});
    }
    for (int64_t i = 0; i < tiles.size(0); ++i) {
      cut(sum_, corners[static_cast<size_t>(i)]).add_(tiles[i] * weights_);
      cut(weight_, corners[static_cast<size_t>(i)]).add_(weights_);
    }
  }

  torch::Tensor mean() { return sum_.div_(weight_); }

 private:
  torch::Tensor cut(const torch::Tensor& whole, const Corner& corner) const {
    return cut_out(whole, corner, weights_.size(0), weights_.size(1));
  }

  torch::Tensor weights_;  // within a tile
  torch::Tensor weight_;   // H x W, the sum so far
  torch::Tensor sum_;      // C x H x W
};

}  // namespace

std::vector<int64_t> tile_starts(int64_t size, int64_t tile, int64_t stride) {
  std::vector<int64_t> starts;
  for (int64_t start = 0; start + tile < size; start += stride) {
    starts.push_back(start);
  }
  starts.push_back(size - tile);
  return starts;
}

torch::Tensor by_tiles(const torch::Tensor& picture, int64_t height, int64_t width, int64_t stride,
                       const torch::Device& device,
                       const std::function<torch::Tensor(const torch::Tensor&)>& compute) {
  check_tiles(picture, height, width, stride);
  const std::vector<Corner> corners = corners_of(picture, height, width, stride);
  Blend blend(picture.size(1), picture.size(2), weights_along(height).unsqueeze(1) * weights_along(width));
  for (size_t first = 0; first < corners.size(); first += kTilesAtOnce) {
    const size_t count = std::min(kTilesAtOnce, corners.size() - first);
    const std::span<const Corner> some(&corners[first], count);
    blend.add(compute(cut_tiles(picture, some, height, width).to(device)).cpu(), some);
  }
  return blend.mean();
}

torch::Tensor reconstruct_by_tiles(Autoencoder& model, const torch::Tensor& picture, int64_t stride) {
  const torch::NoGradGuard no_grad;
  const auto& [channels, height, width] = model.input_shape();
  TORCH_CHECK(picture.size(0) == channels, "the model takes ", channels, " channels, not ", picture.size(0));
  return by_tiles(picture, height, width, stride, model.parameters().front().device(),
                  [&](const torch::Tensor& tiles) { return model.forward(tiles); });
}

}  // namespace autoencoder
