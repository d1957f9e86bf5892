#include "evaluation/regions.h"

#include <utility>
#include <vector>

#include <torch/types.h>

namespace autoencoder {
namespace {

using Mask = torch::TensorAccessor<uint8_t, 2>;
using Numbers = torch::TensorAccessor<int64_t, 2>;
using Pixel = std::pair<int64_t, int64_t>;

// The pixel gets the number where it is inside and has none yet, and its neighbours are then to be visited.
void take(const Mask& mask, Numbers& numbers, int64_t number, const Pixel& pixel, std::vector<Pixel>& taken) {
  const auto [y, x] = pixel;
  const bool is_there = y >= 0 && x >= 0 && y < mask.size(0) && x < mask.size(1);
  if (is_there && mask[y][x] != 0 && numbers[y][x] == 0) {
    numbers[y][x] = number;
    taken.push_back(pixel);
  }
}

// Numbers the region that the pixel lies in.
void flood(const Mask& mask, Numbers& numbers, int64_t number, const Pixel& start) {
  std::vector<Pixel> taken;
  take(mask, numbers, number, start, taken);
  while (!taken.empty()) {
    const auto [y, x] = taken.back();
    taken.pop_back();
    for (int64_t down = -1; down <= 1; ++down) {
      for (int64_t right = -1; right <= 1; ++right) {
        take(mask, numbers, number, {y + down, x + right}, taken);
      }
    }
  }
}

}  // namespace

Regions connected_regions(const torch::Tensor& mask) {
  Regions regions = {torch::zeros(mask.sizes(), torch::kInt64), 0};
  const torch::Tensor inside = mask.nonzero();
  const auto places = inside.accessor<int64_t, 2>();
  const Mask pixels = mask.accessor<uint8_t, 2>();
  Numbers numbers = regions.numbers.accessor<int64_t, 2>();
  for (int64_t i = 0; i < inside.size(0); ++i) {
    if (numbers[places[i][0]][places[i][1]] == 0) {
      flood(pixels, numbers, ++regions.count, {places[i][0], places[i][1]});
    }
  }
  return regions;
}

}  // namespace autoencoder
