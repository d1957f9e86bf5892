// A saved model as a TorchScript file, with what the program knows of it.
#pragma once

#include <filesystem>
#include <string>

#include "export/torchscript.h"
#include "run/saved_model.h"

namespace autoencoder {

/// Writes metadata.json into the file: model, options, input_shape, latent_dim, version. Throws Error as
/// export_torchscript.
ExportCheck export_model(const SavedModel& saved, const std::filesystem::path& path,
                         ExportPart part = ExportPart::kWhole);

/// The methods of the file in words: "TorchScript with forward, encode, decode, sample".
std::string export_text(const Autoencoder& model, ExportPart part);

}  // namespace autoencoder
