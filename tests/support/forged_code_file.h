// .aec files that no `compress` writes: whole by their checksum, and of any content.
#pragma once

#include <cstdint>
#include <protozero/buffer_string.hpp>
#include <protozero/varint.hpp>
#include <string>
#include <vector>
#include <zstd.h>

#include <zlib.h>

namespace autoencoder::testing {

inline std::string varint(uint64_t number) {
  std::string bytes;
  protozero::add_varint_to_buffer(&bytes, number);
  return bytes;
}

/// The content of a frame: `count` codes of `width` zeros, and the names.
inline std::string zero_codes(uint64_t count, uint64_t width, const std::vector<std::string>& names = {}) {
  std::string content = varint(count) + std::string(width, '\0') + '\1' + std::string(count * width, '\0');
  for (const std::string& name : names) {
    content += varint(name.size()) + name;
  }
  return content;
}

/// A frame with the length before it, as a file has it.
inline std::string frame_of(const std::string& content) {
  std::string frame(ZSTD_compressBound(content.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), content.data(), content.size(), 3));
  return varint(frame.size()) + frame;
}

/// What comes before the checksum, and the checksum.
inline std::string with_checksum(const std::string& bytes) {
  const auto checksum =
      static_cast<uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  std::string file = bytes;
  for (int shift = 0; shift < 32; shift += 8) {
    file.push_back(static_cast<char>(checksum >> shift));
  }
  return file;
}

/// A file of this header and these frames' contents.
inline std::string forged_code_file(const std::string& header, const std::vector<std::string>& contents) {
  std::string bytes = header;
  for (const std::string& content : contents) {
    bytes += frame_of(content);
  }
  return with_checksum(bytes + '\0');
}

}  // namespace autoencoder::testing
