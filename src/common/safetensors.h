// Tensors in files that hold no code: the format of safetensors, which Python's package of that name reads
// and writes, too. Eight bytes of length, a header of JSON, the numbers as they lie in memory
// (https://github.com/huggingface/safetensors, "Format").
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <torch/types.h>

namespace autoencoder {

using NamedTensors = std::map<std::string, torch::Tensor>;

struct SafeTensors {
  NamedTensors tensors;
  std::map<std::string, std::string> metadata;  ///< "checksum", of the rest, is the writer's to set
};

/// Writes the file whole or not at all, with a checksum in its metadata. Tensors of bool, of whole numbers or
/// of 16 to 64 bits of floating point, on any device.
void write_safetensors(const std::filesystem::path& path, const SafeTensors& contents);

/// The tensors share the file's pages, as long as nobody writes to them. Before anything is allocated, every
/// type, shape and place is checked against the size of the file; then the checksum, where it has one. Throws
/// Error where the file is missing, damaged, or of another format.
SafeTensors read_safetensors(const std::filesystem::path& path);

}  // namespace autoencoder
