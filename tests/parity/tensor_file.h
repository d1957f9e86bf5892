// Tensors by name in a file that Python reads with torch.load.
#pragma once

#include <filesystem>
#include <string>

#include <ATen/core/Dict.h>
#include <torch/serialize.h>

#include "common/files.h"

namespace autoencoder::testing {

using NamedTensors = c10::Dict<std::string, at::Tensor>;

inline void write_tensors(const std::filesystem::path& path, const NamedTensors& tensors) {
  const std::vector<char> bytes = torch::pickle_save(tensors);
  write_file(path, std::string_view(bytes.data(), bytes.size()));
}

}  // namespace autoencoder::testing
