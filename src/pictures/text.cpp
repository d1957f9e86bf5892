#include "pictures/text.h"

#include <iterator>
#include <utf8.h>

namespace autoencoder {
namespace {

constexpr uint32_t kReplacement = 0xFFFD;

bool is_white_space(uint32_t character) {
  const bool separates_lines = character == 0x85 || character == 0x2028 || character == 0x2029;
  return character == ' ' || (character >= '\t' && character <= '\r') || separates_lines;
}

bool is_control(uint32_t character) { return character < ' ' || (character >= 0x7F && character < 0xA0); }

}  // namespace

std::string writable(const std::string& text) {
  std::string valid;
  utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(valid), kReplacement);
  std::string result;
  auto at = valid.cbegin();
  for (size_t count = 0; at != valid.cend() && count < kLongestLine; ++count) {
    const uint32_t character = utf8::next(at, valid.cend());
    if (is_white_space(character)) {
      result.push_back(' ');
    } else {
      utf8::append(is_control(character) ? kReplacement : character, std::back_inserter(result));
    }
  }
  return result;
}

const TextPainter& text_painter() {
  const TextPainter* shaped = shaped_text();
  return shaped ? *shaped : stroke_text();
}

}  // namespace autoencoder
