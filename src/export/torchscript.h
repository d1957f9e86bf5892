// TorchScript files from models. The only place that knows torch::jit.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "models/autoencoder.h"

namespace autoencoder {

enum class ExportPart { kWhole, kEncoder, kDecoder };

/// Facts about a model that travel inside the file (Python: torch.jit.load(path,
/// _extra_files={"metadata.json": ""})).
using ExportMetadata = std::map<std::string, std::string>;  ///< file name inside the archive -> contents

/// Whether a whole model's file has the method `sample`.
bool exports_sample(Autoencoder& model);

struct ExportCheck {
  double largest_difference =
      0;  ///< between the file, loaded again, and the model, over all methods and both batch sizes tried
};

/// Writes `model` as TorchScript: methods `forward`, `encode`, `decode`, and `sample(count: int)` where the
/// model is Generative with a standard normal prior; a half (kEncoder, kDecoder) has `forward` alone and only
/// that half's weights. Any batch size, any device; input N x C x H x W in [0, 1]. The file is loaded again
/// and compared with the model before it takes its name. Throws Error where it differs by more than rounding
/// explains, or cannot be written. The model is left as it was (device, train mode).
ExportCheck export_torchscript(Autoencoder& model, const std::filesystem::path& path,
                               const ExportMetadata& metadata, ExportPart part = ExportPart::kWhole);

}  // namespace autoencoder
