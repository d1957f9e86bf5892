// A file of quantised codes (.aec): what `compress` writes and `decompress` reads.
//
// "AEC1", the model's digest (16 bytes), the number P of bytes of residual for each picture (0 in a lossy
// file), the code's width D, a byte for each step size; then chunks: the length of each, and a Zstandard
// frame; a zero; and the CRC-32 of all that, little-endian. Numbers without a size are varints (LEB128),
// zigzag where they have a sign.
//
// A frame holds the number N of codes, the offset of each of the D numbers, the count of byte planes (1
// byte), and these, D x N each: the symbols less their offset, zigzag, lowest bytes first. In a lossless file
// the CRC-32 of the original pixels and N x P bytes of residual follow. Last come the names (each its length,
// and its bytes), or nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <torch/types.h>

#include "common/files.h"
#include "compression/model_digest.h"

namespace autoencoder {

struct CodeFileHeader {
  ModelDigest model = {};
  int64_t residual_width = 0;  ///< P: pixels of a picture in a lossless file, 0 in a lossy one
  torch::Tensor steps;         ///< D, uint8 (see steps_to_bytes)

  bool is_lossless() const { return residual_width > 0; }
};

/// Some of the pictures of a file.
struct CodeChunk {
  torch::Tensor symbols;                ///< N x D, int32
  torch::Tensor residual;               ///< N x P, uint8; of lossless files (see Compressor)
  uint32_t checksum = 0;                ///< CRC-32 of the original pixels; of lossless files
  std::vector<std::string> names = {};  ///< of each picture, or none
};

/// The CRC-32 (zlib's) of a tensor's bytes.
uint32_t checksum_of(const torch::Tensor& bytes);

/// Bytes of the whole file that holds this chunk alone.
uint64_t code_file_size(const CodeFileHeader& header, const CodeChunk& chunk);

class CodeFileWriter {
 public:
  CodeFileWriter(const std::filesystem::path& path, const CodeFileHeader& header);

  void append(const CodeChunk& chunk);

  /// Ends the file and gives it its name. Returns its size in bytes.
  uint64_t commit();

 private:
  void write(std::string_view bytes);

  NewFile file_;
  uint64_t size_ = 0;
  uint32_t checksum_ = 0;
};

class CodeFileReader {
 public:
  /// Reads the header. Throws Error where the file cannot be read, is of another kind, cut short or changed.
  explicit CodeFileReader(const std::filesystem::path& path);

  const CodeFileHeader& header() const { return header_; }

  /// The next chunk, or nothing at the end. Throws Error where the file is not as it should be.
  std::optional<CodeChunk> next();

 private:
  void check_whole();
  std::string read(uint64_t count);
  uint64_t read_varint();
  void read_header();

  std::filesystem::path path_;
  std::ifstream file_;
  uint64_t rest_;  // bytes before the checksum that have not been read
  CodeFileHeader header_;
};

}  // namespace autoencoder
