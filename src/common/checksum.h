// Tells whether bytes are still the same: a guard against damage and mix-ups, not against forgery.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace autoencoder {

/// CRC-64 of all that was added, in order (ECMA-182, reflected, as xz has it).
class Checksum {
 public:
  void add(const void* bytes, size_t count);
  void add(std::string_view text) { add(text.data(), text.size()); }

  uint64_t value() const { return value_; }

  /// It in 16 hexadecimal digits.
  std::string text() const;

 private:
  uint64_t value_ = 0;
};

}  // namespace autoencoder
