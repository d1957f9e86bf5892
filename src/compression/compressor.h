// Pictures <-> quantised codes.
#pragma once

#include <cstdint>
#include <optional>

#include <torch/types.h>

#include "compression/code_file.h"
#include "models/autoencoder.h"
#include "models/double_precision.h"

namespace autoencoder {

/// Pictures in [0, 1] (clipped) as bytes, on the CPU.
torch::Tensor as_bytes(const torch::Tensor& pictures);

enum class Fidelity { kLossy, kLossless };

/// What rounding the codes may cost: this fraction of the model's own mean squared error is added to it.
struct CompressionRequest {
  double extra_error = 0.1;
  Fidelity fidelity = Fidelity::kLossy;
};

/// The header of a file of pictures like `sample` (N x C x H x W, uint8): step sizes for the request. The
/// model must be in evaluation mode and as it was loaded.
CodeFileHeader plan_compression(Autoencoder& model, const torch::Tensor& sample,
                                const CompressionRequest& request);

/// What both sides must have besides the file: the bytes of parameters and buffers.
uint64_t bytes_of_model(const Autoencoder& model);

class Compressor {
 public:
  /// The model must be the header's. For a lossless file it is taken to the CPU, and to double precision as
  /// long as the compressor lives: every machine decodes to the same bytes there.
  Compressor(Autoencoder& model, const CodeFileHeader& header);

  /// images: N x C x H x W, uint8.
  CodeChunk compress(const torch::Tensor& images) const;

  /// N x C x H x W, uint8. Throws Error where a lossless file does not come out as it went in.
  torch::Tensor decompress(const CodeChunk& chunk) const;

 private:
  torch::Tensor decode(const torch::Tensor& symbols) const;

  Autoencoder& model_;
  torch::Tensor steps_;
  std::optional<DoublePrecision> exact_;  // of a lossless file
};

}  // namespace autoencoder
