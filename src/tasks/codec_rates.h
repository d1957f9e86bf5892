// How many bits pictures take as a run's model compresses them, and as other codecs do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compression/compressor.h"

namespace autoencoder {

/// What a codec at one setting makes of pictures.
struct Rate {
  std::string codec;
  std::string setting;  ///< "quality 50", "extra error 0.1"; "" where there is none
  double bits_per_pixel = 0;
  std::optional<double> psnr;  ///< dB, of the mean squared error; none where nothing is lost
};

// Of `images` (N x C x H x W, uint8), of which so many go into each file.

/// JPEG and WebP at rising quality, then PNG and lossless WebP, which get many images as one picture that
/// shows all of them.
std::vector<Rate> rates_of_codecs(const torch::Tensor& images, int64_t images_in_file);

/// Of the compressor, which was made for that header.
Rate rate_of_model(const Compressor& compressor, const CodeFileHeader& header, const torch::Tensor& images,
                   int64_t images_in_file, const std::string& setting);

}  // namespace autoencoder
