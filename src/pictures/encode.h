// Images -> picture files, each by itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <torch/types.h>

namespace autoencoder {

/// Writes an image (C x H x W, float in [0, 1], clipped, or uint8; see bands_of) as PNG, pixel by
/// pixel. Throws Error where the file cannot be written.
void write_picture(const std::filesystem::path& path, const torch::Tensor& image);

/// An image, likewise, as the bytes of a PNG file.
std::string picture_bytes(const torch::Tensor& image);

/// Writes images (N x C x H x W, float in [0, 1], clipped, or uint8; see bands_of) as PNG, pixel by pixel:
/// FOLDER/000000.png and on, counted from `first`. Makes the folder where it is missing. Throws Error where a
/// file cannot be written.
void write_pictures(const std::filesystem::path& folder, const torch::Tensor& images, int64_t first = 0);

}  // namespace autoencoder
