#include "pictures/encode.h"

#include "pictures/picture_files.h"
#include "pictures/pixels.h"

namespace autoencoder {

void write_picture(const std::filesystem::path& path, const torch::Tensor& image) {
  const torch::Tensor pixels = as_pixels(image.unsqueeze(0));
  write_png(path, as_picture(pixels[0]));
}

std::string picture_bytes(const torch::Tensor& image) {
  const torch::Tensor pixels = as_pixels(image.unsqueeze(0));
  return png_of(as_picture(pixels[0]));
}

void write_pictures(const std::filesystem::path& folder, const torch::Tensor& images, int64_t first) {
  const torch::Tensor pixels = as_pixels(images);
  for (int64_t i = 0; i < pixels.size(0); ++i) {
    write_png(numbered_picture(folder, first + i), as_picture(pixels[i]));
  }
}

}  // namespace autoencoder
