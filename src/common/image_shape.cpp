#include "common/image_shape.h"

#include <fmt/format.h>

namespace autoencoder {

std::string ImageShape::text() const {
  if (!is_image()) {
    return channels == 1 ? fmt::format("{} numbers", width) : fmt::format("{}x{} numbers", channels, width);
  }
  return channels == 1 ? fmt::format("{}x{}", height, width)
                       : fmt::format("{}x{}x{}", channels, height, width);
}

}  // namespace autoencoder
