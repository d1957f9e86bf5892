// Tensors of images and OpenCV's pictures.
#pragma once

#include <filesystem>
#include <string>

#include <opencv2/core.hpp>
#include <torch/types.h>

namespace autoencoder {

/// images: N x C x H x W, uint8 or float in [0, 1] (clipped; NaN is black) -> what bands_of makes of them, as
/// N x H x W x C bytes on the CPU, three channels in OpenCV's order of colours.
torch::Tensor as_pixels(const torch::Tensor& images);

/// A picture of as_pixels, H x W x C. Shares its memory.
cv::Mat as_picture(const torch::Tensor& pixels);

/// A picture of 8 bits as PNG: the bytes of the file. Throws Error where it cannot be one.
std::string png_of(const cv::Mat& picture);

/// Writes a picture of 8 bits as PNG, whole or not at all. Throws Error, naming the file, where it cannot.
void write_png(const std::filesystem::path& path, const cv::Mat& picture);

}  // namespace autoencoder
