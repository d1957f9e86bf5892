// A file of quantised codes (.aec): what `compress` writes and `decompress` reads.
//
// "AEC1", the model's digest (16 bytes), the number P of bytes of residual for each picture (0 in a lossy
// file), the code's width D, a byte for each step size; then chunks: the length of each, and a Zstandard
// frame; a zero; and the CRC-32 of all that, little-endian. Numbers without a size are varints (LEB128),
// zigzag where they have a sign.
//
// A frame holds the number N of codes (1 to 1000), the offset of each of the D numbers, the count of byte
// planes (1 byte), and these, D x N each: the symbols less their offset, zigzag, lowest bytes first. In a
// lossless file the CRC-32 of the original pixels and N x P bytes of residual follow. Last come the names
// (each its length, and its bytes), or nothing; a file names all of its pictures, no two alike, or none.
//
// Anyone may have written a file: what it claims is believed no further than these bounds and its own size.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
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

/// In a chunk: bounds the memory that reading takes, however few bytes the codes are made of.
inline constexpr int64_t kMostCodesInChunk = 1000;

/// Bytes of a picture's name. It becomes a file, and with ".png" and what a NewFile adds before it is
/// complete must not be longer than the 255 bytes that systems take.
inline constexpr size_t kLongestPictureName = 239;

/// Whether a picture of a file may have this name: one that makes a file in the folder that it is put into,
/// and no hidden one. Not empty, no longer than kLongestPictureName, no '/', no control character (a NUL ends
/// a name for the system), no dot at its start.
bool is_picture_name(std::string_view name);

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

  /// At most kMostCodesInChunk codes.
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

  /// To be compared with the model before next(): a chunk takes memory for as many pixels as it says.
  const CodeFileHeader& header() const { return header_; }

  /// The next chunk, or nothing at the end. Throws Error where the file is not as it should be, one of its
  /// names is no is_picture_name, or two are the same.
  std::optional<CodeChunk> next();

 private:
  void check_whole();
  std::string read(uint64_t count);
  uint64_t read_varint();
  void read_header();
  void check_names(const CodeChunk& chunk);

  std::filesystem::path path_;
  std::ifstream file_;
  uint64_t rest_;  // bytes before the checksum that have not been read
  CodeFileHeader header_;
  size_t codes_ = 0;                       // that have been read
  std::unordered_set<std::string> names_;  // of these
};

}  // namespace autoencoder
