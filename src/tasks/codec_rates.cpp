#include "tasks/codec_rates.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "compression/rate_meter.h"
#include "pictures/grid.h"
#include "pictures/picture_codec.h"

namespace autoencoder {
namespace {

constexpr int64_t kSheetColumns = 10;

Rate rate_from(const RateMeter& meter, const std::string& codec, const std::string& setting) {
  return {codec, setting, meter.bits_per_pixel(),
          meter.is_exact() ? std::nullopt : std::optional(meter.psnr())};
}

// C x H x W each.
std::vector<torch::Tensor> pictures_in_files(const torch::Tensor& images, int64_t images_in_file) {
  std::vector<torch::Tensor> pictures;
  for (const torch::Tensor& some : images.split(images_in_file)) {
    pictures.push_back(images_in_file == 1 ? some[0] : sheet_of(some, kSheetColumns));
  }
  return pictures;
}

Rate rate_of_codec(PictureCodec codec, int quality, const std::vector<torch::Tensor>& pictures) {
  RateMeter meter;
  for (const torch::Tensor& picture : pictures) {
    const CodedPicture result = coded(picture, codec, quality);
    meter.add_bytes(result.file.size());
    meter.add_pictures(picture, result.decoded);
  }
  const bool loses = codec == PictureCodec::kJpeg || codec == PictureCodec::kWebp;
  return rate_from(meter, codec_name(codec), loses ? fmt::format("quality {}", quality) : "");
}

}  // namespace

std::vector<Rate> rates_of_codecs(const torch::Tensor& images, int64_t images_in_file) {
  const std::vector<torch::Tensor> pictures = pictures_in_files(images, images_in_file);
  std::vector<Rate> rates;
  for (const PictureCodec codec : {PictureCodec::kJpeg, PictureCodec::kWebp}) {
    for (const int quality : {1, 5, 10, 25, 50, 75, 90, 97}) {
      rates.push_back(rate_of_codec(codec, quality, pictures));
    }
  }
  for (const PictureCodec codec : {PictureCodec::kPng, PictureCodec::kLosslessWebp}) {
    rates.push_back(rate_of_codec(codec, 0, pictures));
  }
  return rates;
}

Rate rate_of_model(const Compressor& compressor, const CodeFileHeader& header, const torch::Tensor& images,
                   int64_t images_in_file, const std::string& setting) {
  RateMeter meter;
  for (const torch::Tensor& some : images.split(images_in_file)) {
    const CodeChunk chunk = compressor.compress(some);
    meter.add_bytes(code_file_size(header, chunk));
    meter.add_pictures(some, compressor.decompress(chunk));
  }
  return rate_from(meter, "autoencoder", setting);
}

}  // namespace autoencoder
