// What the first bytes of a picture's file say of it: nothing is decoded, and OpenCV is not needed.
#pragma once

#include <optional>
#include <string_view>

namespace autoencoder {

/// As it is announced, of whatever size.
struct AnnouncedSize {
  double width = 0;
  double height = 0;

  double pixels() const { return width * height; }
};

/// Of a PNG or a JPEG, in which a small file can be a huge picture; nothing of another kind of file, and
/// where the header is cut short.
std::optional<AnnouncedSize> announced_size(std::string_view bytes);

}  // namespace autoencoder
