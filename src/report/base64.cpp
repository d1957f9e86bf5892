#include "report/base64.h"

#include <cstdint>

namespace autoencoder {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Up to three bytes, as the high bits of 24.
uint32_t bits_of(std::string_view bytes) {
  uint32_t bits = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bits |= uint32_t{static_cast<uint8_t>(bytes[i])} << (16 - 8 * i);
  }
  return bits;
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t start = 0; start < bytes.size(); start += 3) {
    const std::string_view group = bytes.substr(start, 3);
    const uint32_t bits = bits_of(group);
    for (size_t digit = 0; digit <= group.size(); ++digit) {
      text.push_back(kDigits[bits >> (18 - 6 * digit) & 63]);
    }
    text.append(3 - group.size(), '=');
  }
  return text;
}

}  // namespace autoencoder
