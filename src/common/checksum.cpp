#include "common/checksum.h"

#include <isa-l/crc64.h>

#include <fmt/format.h>

namespace autoencoder {

void Checksum::add(const void* bytes, size_t count) {
  value_ = ::crc64_ecma_refl(value_, static_cast<const unsigned char*>(bytes), count);
}

std::string Checksum::text() const { return fmt::format("{:016x}", value_); }

}  // namespace autoencoder
