// IDX files for tests.
#pragma once

#include <filesystem>
#include <string>

#include "common/files.h"
#include "data/dataset.h"
#include "tests/support/blobs.h"

namespace autoencoder::testing {

inline std::string big_endian(int64_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>((number >> shift) & 0xff));
  }
  return bytes;
}

inline std::string raw_bytes(const torch::Tensor& tensor) {
  const torch::Tensor bytes = tensor.to(torch::kUInt8).contiguous();
  return {static_cast<const char*>(bytes.const_data_ptr()), static_cast<size_t>(bytes.numel())};
}

/// Writes PREFIX-images-idx3-ubyte and PREFIX-labels-idx1-ubyte ("train", "t10k"). Images: N x 1 x H x W
/// bytes.
inline void write_idx(const std::filesystem::path& folder, const std::string& prefix, const Dataset& data) {
  const torch::Tensor images = data.images.all();
  write_file(folder / (prefix + "-images-idx3-ubyte"), big_endian(0x803) + big_endian(images.size(0)) +
                                                           big_endian(images.size(2)) +
                                                           big_endian(images.size(3)) + raw_bytes(images));
  write_file(folder / (prefix + "-labels-idx1-ubyte"),
             big_endian(0x801) + big_endian(data.labels.size(0)) + raw_bytes(data.labels));
}

/// Spots as a folder of IDX files, to train on and to test with; makes the folder.
inline void write_spots_to(const std::filesystem::path& folder, int64_t train, int64_t test) {
  std::filesystem::create_directories(folder);
  write_idx(folder, "train", spots(train, 1));
  write_idx(folder, "t10k", spots(test, 2));
}

}  // namespace autoencoder::testing
