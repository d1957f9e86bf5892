#include "pictures/pixels.h"

#include <vector>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "pictures/grid.h"

namespace autoencoder {

torch::Tensor as_pixels(const torch::Tensor& images) {
  torch::Tensor bytes = bands_of(images.detach().to(torch::kCPU));
  if (bytes.scalar_type() != torch::kUInt8) {
    bytes = bytes.to(torch::kFloat).nan_to_num(0, 1, 0).clamp(0, 1).mul(255).round().to(torch::kUInt8);
  }
  return bytes.flip(1).permute({0, 2, 3, 1}).contiguous();
}

cv::Mat as_picture(const torch::Tensor& pixels) {
  return {static_cast<int>(pixels.size(0)), static_cast<int>(pixels.size(1)),
          CV_8UC(static_cast<int>(pixels.size(2))), pixels.data_ptr()};
}

std::string png_of(const cv::Mat& picture) {
  std::vector<uchar> bytes;
  try {
    cv::imencode(
        ".png", picture, bytes,
        {cv::IMWRITE_PNG_COMPRESSION, 6, cv::IMWRITE_PNG_STRATEGY, cv::IMWRITE_PNG_STRATEGY_DEFAULT});
  } catch (const cv::Exception& exception) {
    throw Error(fmt::format("the picture cannot be written as PNG ({})", exception.err));
  }
  return {bytes.begin(), bytes.end()};
}

void write_png(const std::filesystem::path& path, const cv::Mat& picture) {
  std::string png;
  try {
    png = png_of(picture);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", path.string(), error.what()));
  }
  write_file(path, png, Durability::kCanBeMadeAgain);
}

}  // namespace autoencoder
