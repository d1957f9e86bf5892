// Pictures <-> quantised codes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <torch/types.h>

#include "compression/code_file.h"
#include "models/autoencoder.h"
#include "models/double_precision.h"
#include "run/saved_model.h"

namespace autoencoder {

/// Pictures in [0, 1] (clipped) as bytes, on the CPU.
torch::Tensor as_bytes(const torch::Tensor& pictures);

enum class Fidelity { kLossy, kLossless };

/// What rounding the codes may cost: this fraction of the model's own mean squared error is added to it.
struct CompressionQuality {
  double extra_error = 0.1;
  Fidelity fidelity = Fidelity::kLossy;
};

/// The header of a file of pictures like `sample` (N x C x H x W, uint8): step sizes for the quality. The
/// model must be in evaluation mode.
CodeFileHeader plan_compression(Autoencoder& model, const torch::Tensor& sample,
                                const CompressionQuality& quality);

/// What both sides must have besides the file: the bytes of parameters and buffers.
uint64_t bytes_of_model(const Autoencoder& model);

class Compressor {
 public:
  /// The model must be the header's, in evaluation mode, and stays as it is. A lossless file is computed by a
  /// copy of it, on the CPU and in double precision: every machine decodes to the same bytes there.
  Compressor(const SavedModel& saved, const CodeFileHeader& header);

  /// images: N x C x H x W, uint8.
  CodeChunk compress(const torch::Tensor& images) const;

  /// N x C x H x W, uint8. Throws Error where a lossless file does not come out as it went in.
  torch::Tensor decompress(const CodeChunk& chunk) const;

 private:
  torch::Tensor decode(const torch::Tensor& symbols) const;

  std::shared_ptr<Autoencoder> model_;
  torch::Tensor steps_;
  std::optional<DoublePrecision> exact_;  // of a lossless file
};

}  // namespace autoencoder
