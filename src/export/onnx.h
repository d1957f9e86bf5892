// ONNX files from models (https://onnx.ai): the format that other runtimes read.
#pragma once

#include <filesystem>
#include <string>

#include "export/operator_graph.h"
#include "export/torchscript.h"

namespace autoencoder {

/// The bytes of an ONNX file (IR version 8, opset 17) of a graph, any number of examples at once, which is
/// called N in it. `metadata`: facts by name, as the file's metadata_props. Throws Error where it would have
/// 2 GiB and more, which ONNX cannot hold in one file.
std::string onnx_bytes(const OperatorGraph& graph, const ExportMetadata& metadata);

/// Writes a model, or a half of it: the whole has the input "input" (N x C x H x W) and the outputs
/// "reconstruction" and "code", the encoder "input" and "code", the decoder "code" and "reconstruction". What
/// its operators compute is compared with the model first, for two numbers of examples. Throws Error as the
/// graphs of operator_translation.h, where it differs by more than rounding explains, and where the file
/// cannot be written. The model must be in evaluation mode, on the CPU.
ExportCheck export_onnx(Autoencoder& model, const std::filesystem::path& path, const ExportMetadata& metadata,
                        ExportPart part);

}  // namespace autoencoder
