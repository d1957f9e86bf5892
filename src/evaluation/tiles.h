// Pictures that are larger than what a model takes, tile by tile.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <torch/types.h>

#include "models/autoencoder.h"

namespace autoencoder {

/// Where tiles of `tile` pixels begin along a side of `size` pixels: every `stride` pixels, the last one at
/// the side's end. 1 <= stride <= tile <= size.
std::vector<int64_t> tile_starts(int64_t size, int64_t tile, int64_t stride);

/// What `compute` makes of a picture (C x H x W, float32, on the CPU), tile by tile: it is given M x C x h x
/// w on `device`, tiles of height h and width w that lie `stride` pixels apart, and returns as many of any
/// number of channels, of the same height and width. Where tiles overlap, the result is their mean, in which
/// a tile weighs less towards its borders: no seam is left. Memory holds the picture, the result, and some
/// tiles. Throws Error where the picture is smaller than a tile, and where the stride is larger, which would
/// leave gaps.
torch::Tensor by_tiles(const torch::Tensor& picture, int64_t height, int64_t width, int64_t stride,
                       const torch::Device& device,
                       const std::function<torch::Tensor(const torch::Tensor&)>& compute);

/// A picture (C x H x W, float32) as the model reconstructs it by tiles of what it takes, on the CPU. Throws
/// as by_tiles, and where the picture has other channels.
torch::Tensor reconstruct_by_tiles(Autoencoder& model, const torch::Tensor& picture, int64_t stride);

}  // namespace autoencoder
