// NumPy's .npy files (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <torch/types.h>

#include "common/files.h"

namespace autoencoder {

inline constexpr uint64_t kMappedBytes = uint64_t{1} << 28;  ///< from here on memory would feel it

/// "3 x 2 of float32".
std::string array_text(torch::IntArrayRef shape, torch::ScalarType type);

/// The array of a .npy file, versions 1 to 3, as it is: its type (bool, float16, float32, float64, uint8,
/// int8 to int64; uint16 and uint32 in the next larger whole numbers, for LibTorch computes little with
/// them), its shape; C order whichever it was stored in. Throws Error, naming file, value found and remedy:
/// no .npy file, a header that is cut short or does not match the size of the file, another type. Never
/// allocates what the file does not hold. One of kMappedBytes and more in this machine's own order is mapped,
/// not read: memory holds what is looked at.
torch::Tensor read_npy(const std::filesystem::path& path);

/// The array of a .npy file whose bytes are these, likewise; errors call it `name`.
torch::Tensor parse_npy(std::string bytes, const std::string& name);

/// Float32, int64 or uint8 of any shape and device as the bytes of a .npy file, version 1.
std::string npy_bytes(const torch::Tensor& tensor);

/// Writes float32, int64 or uint8 of any shape and device, version 1, whole or not at all (write_file).
void write_npy(const std::filesystem::path& path, const torch::Tensor& tensor);

/// A .npy file written piece by piece, of an array whose shape is known beforehand.
class NpyWriter {
 public:
  NpyWriter(const std::filesystem::path& path, const std::vector<int64_t>& shape, torch::ScalarType type);

  /// The next elements in C order: float32, int64 or uint8, as was said.
  void append(const torch::Tensor& elements);

  /// Gives the file its name, once it is complete.
  void commit();

 private:
  NewFile file_;
  torch::ScalarType type_;
  int64_t missing_;  // elements
};

}  // namespace autoencoder
