// Pictures as the bytes of a PNG, JPEG or WebP file, in memory: what other compression is compared with.
#pragma once

#include <string>

#include <torch/types.h>

namespace autoencoder {

enum class PictureCodec { kPng, kJpeg, kWebp, kLosslessWebp };

/// "PNG", "JPEG", "WebP", "WebP lossless".
std::string codec_name(PictureCodec codec);

/// What a codec makes of a picture.
struct CodedPicture {
  std::string file;       ///< its bytes
  torch::Tensor decoded;  ///< C x H x W, uint8
};

/// image: C x H x W, uint8, C 1 or 3. quality: 1 to 100, of those that lose something. PNG at its strongest.
/// Throws Error where this OpenCV cannot write the format.
CodedPicture coded(const torch::Tensor& image, PictureCodec codec, int quality);

}  // namespace autoencoder
