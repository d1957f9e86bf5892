#include "pictures/picture_codec.h"

#include <vector>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <torch/types.h>

#include "common/error.h"
#include "pictures/pixels.h"

namespace autoencoder {
namespace {

constexpr int kStrongestPng = 9;
constexpr int kWebpWithoutLoss = 101;  // OpenCV's sign for it

struct CodecSettings {
  const char* name;
  const char* ending;
  std::vector<int> parameters;
};

CodecSettings settings_of(PictureCodec codec, int quality) {
  switch (codec) {
    case PictureCodec::kPng:
      return {"PNG", ".png", {cv::IMWRITE_PNG_COMPRESSION, kStrongestPng}};
    case PictureCodec::kJpeg:
      return {"JPEG", ".jpg", {cv::IMWRITE_JPEG_QUALITY, quality, cv::IMWRITE_JPEG_OPTIMIZE, 1}};
    case PictureCodec::kWebp:
      return {"WebP", ".webp", {cv::IMWRITE_WEBP_QUALITY, quality}};
    case PictureCodec::kLosslessWebp:
      return {"WebP lossless", ".webp", {cv::IMWRITE_WEBP_QUALITY, kWebpWithoutLoss}};
  }
  return {};
}

// H x W (x 3, in OpenCV's order of colours) -> C x H x W.
torch::Tensor as_image(const cv::Mat& picture) {
  const torch::Tensor pixels =
      torch::from_blob(picture.data, {picture.rows, picture.cols, picture.channels()}, torch::kUInt8);
  return pixels.permute({2, 0, 1}).flip(0).contiguous();
}

}  // namespace

std::string codec_name(PictureCodec codec) { return settings_of(codec, 0).name; }

CodedPicture coded(const torch::Tensor& image, PictureCodec codec, int quality) {
  const CodecSettings settings = settings_of(codec, quality);
  const torch::Tensor pixels = as_pixels(image.unsqueeze(0));
  std::vector<uchar> bytes;
  try {
    if (cv::imencode(settings.ending, as_picture(pixels[0]), bytes, settings.parameters)) {
      const int flags = image.size(0) == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR;
      return {{bytes.begin(), bytes.end()}, as_image(cv::imdecode(bytes, flags))};
    }
  } catch (const cv::Exception&) {  // said below
  }
  throw Error(fmt::format("this OpenCV cannot write {}; install one that can", settings.name));
}

}  // namespace autoencoder
