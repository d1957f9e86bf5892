#include "data/formats/csv_text.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "common/files.h"

namespace autoencoder {
namespace {

constexpr uint32_t kReplacement = 0xFFFD;  // of what is no character

char* put_utf8(uint32_t point, char* at) {
  const auto put = [&](uint32_t byte) { *at++ = static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else {
    if (point < 0x10000) {
      put(0xE0 | point >> 12);
    } else {
      put(0xF0 | point >> 18);
      put(0x80 | (point >> 12 & 0x3F));
    }
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
  return at;
}

bool is_high_surrogate(uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

CsvText::CsvText(const std::filesystem::path& path) : file_(path) {
  open_file(path);  // refuses folders in words
  find_encoding();
}

void CsvText::find_encoding() {
  start_.resize(4);
  start_.resize(file_.read(start_.data(), start_.size()));
  const std::string_view first(start_.data(), start_.size());
  size_t mark = 0;
  if (first.starts_with("\xFF\xFE") || first.starts_with("\xFE\xFF")) {
    encoding_ = first[0] == '\xFF' ? Encoding::kUtf16Little : Encoding::kUtf16Big;
    mark = 2;
  } else if (first.starts_with("\xEF\xBB\xBF")) {
    mark = 3;
  } else if (first.size() == 4 && first[0] != 0 && first[1] == 0 && first[2] != 0 && first[3] == 0) {
    encoding_ = Encoding::kUtf16Little;
  } else if (first.size() == 4 && first[0] == 0 && first[1] != 0 && first[2] == 0 && first[3] != 0) {
    encoding_ = Encoding::kUtf16Big;
  }
  start_.erase(start_.begin(), start_.begin() + static_cast<std::ptrdiff_t>(mark));
}

uint64_t CsvText::read(char* destination, uint64_t size) {
  return encoding_ == Encoding::kBytes ? read_bytes(destination, size) : read_utf16(destination, size);
}

uint64_t CsvText::read_bytes(char* destination, uint64_t size) {
  const uint64_t kept = std::min<uint64_t>(start_.size(), size);
  std::copy_n(start_.begin(), kept, destination);
  start_.erase(start_.begin(), start_.begin() + static_cast<std::ptrdiff_t>(kept));
  return kept + file_.read(destination + kept, size - kept);
}

// A unit of two bytes becomes three at most, and the half of a pair before all of them three more.
uint64_t CsvText::read_utf16(char* destination, uint64_t size) {
  std::vector<char> bytes((size - 4) / 3 * 2);
  bytes.resize(read_bytes(bytes.data(), bytes.size()));
  char* at = destination;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const auto first = static_cast<uint8_t>(bytes[i]);
    const auto second = static_cast<uint8_t>(bytes[i + 1]);
    at = put_unit(encoding_ == Encoding::kUtf16Little ? first | second << 8U : second | first << 8U, at);
  }
  if (bytes.empty() && high_surrogate_ != 0) {
    at = put_utf8(kReplacement, at);
    high_surrogate_ = 0;
  }
  const bool may_go_on = at == destination && !bytes.empty();  // what was read is yet to be given
  return may_go_on ? read_utf16(destination, size) : static_cast<uint64_t>(at - destination);
}

char* CsvText::put_unit(uint32_t unit, char* at) {
  if (is_low_surrogate(unit) && high_surrogate_ != 0) {
    at = put_utf8(0x10000 + ((high_surrogate_ - 0xD800) << 10) + (unit - 0xDC00), at);
    high_surrogate_ = 0;
    return at;
  }
  if (high_surrogate_ != 0) {
    at = put_utf8(kReplacement, at);
    high_surrogate_ = 0;
  }
  if (is_high_surrogate(unit)) {
    high_surrogate_ = unit;
    return at;
  }
  return put_utf8(is_low_surrogate(unit) ? kReplacement : unit, at);
}

}  // namespace autoencoder
