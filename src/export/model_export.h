// A saved model as a TorchScript file, with what the program knows of it.
#pragma once

#include <filesystem>
#include <string>

#include "export/c_source.h"
#include "export/torchscript.h"
#include "run/saved_model.h"

namespace autoencoder {

/// Writes metadata.json into the file: model, options, input_shape, latent_dim, version, of a
/// table's rows its schema (data/table_schema.h). Throws Error as
/// export_torchscript.
ExportCheck export_model(const SavedModel& saved, const std::filesystem::path& path,
                         ExportPart part = ExportPart::kWhole);

/// The same as ONNX (export/onnx.h), and as C (export/c_source.h) without metadata.
ExportCheck export_model_as_onnx(const SavedModel& saved, const std::filesystem::path& path, ExportPart part);
ExportCheck export_model_as_c(const SavedModel& saved, const std::filesystem::path& path, ExportPart part,
                              CWeights weights);

/// Writes the parameters and buffers of model.pt, by the names that they have there, as safetensors. The same
/// metadata lie in it as text. Throws Error where it cannot be written.
void export_weights(const SavedModel& saved, const std::filesystem::path& path);

/// The methods of the file in words: "TorchScript with forward, encode, decode, sample".
std::string export_text(Autoencoder& model, ExportPart part);

}  // namespace autoencoder
