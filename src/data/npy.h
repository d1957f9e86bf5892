// NumPy's .npy files (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <filesystem>
#include <string>

#include <torch/types.h>

namespace autoencoder {

/// "3 x 2 of float32".
std::string array_text(torch::IntArrayRef shape, torch::ScalarType type);

/// The array of a .npy file, versions 1 to 3, as it is: its type (float16, float32, float64, uint8, int8 to
/// int64), its shape; C order whichever it was stored in. Throws Error, naming file, value found and remedy:
/// no .npy file, a header that is cut short or does not match the size of the file, another type. Never
/// allocates what the file does not hold.
torch::Tensor read_npy(const std::filesystem::path& path);

/// Writes float32, int64 or uint8 of any shape and device, version 1, whole or not at all (write_file).
void write_npy(const std::filesystem::path& path, const torch::Tensor& tensor);

}  // namespace autoencoder
