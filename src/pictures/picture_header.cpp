#include "pictures/picture_header.h"

#include <cstddef>

namespace autoencoder {
namespace {

constexpr size_t kPngWidth = 16;  // after the signature, and the length and name of the first chunk

// `size` bytes there, the highest first.
double number_at(std::string_view bytes, size_t position, size_t size) {
  double number = 0;
  for (size_t i = position; i < position + size; ++i) {
    number = number * 256 + static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

// Markers from 0xC0 to 0xCF begin a frame, but for those of tables and of arithmetic coding (ITU-T T.81,
// B.1).
bool begins_frame(unsigned char marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

std::optional<AnnouncedSize> size_of_jpeg(std::string_view bytes) {
  constexpr size_t kFrameHeader = 9;  // marker, length, precision, height and width
  size_t place = 2;
  while (place + kFrameHeader <= bytes.size() && bytes[place] == '\xFF') {
    const auto marker = static_cast<unsigned char>(bytes[place + 1]);
    if (begins_frame(marker)) {
      return AnnouncedSize{number_at(bytes, place + 7, 2), number_at(bytes, place + 5, 2)};
    }
    const bool is_filling = marker == 0xFF;
    place += is_filling ? 1 : 2 + static_cast<size_t>(number_at(bytes, place + 2, 2));
  }
  return std::nullopt;
}

}  // namespace

std::optional<AnnouncedSize> announced_size(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) {
    return size_of_jpeg(bytes);
  }
  if (bytes.starts_with("\x89PNG") && bytes.size() >= kPngWidth + 8) {
    return AnnouncedSize{number_at(bytes, kPngWidth, 4), number_at(bytes, kPngWidth + 4, 4)};
  }
  return std::nullopt;
}

}  // namespace autoencoder
