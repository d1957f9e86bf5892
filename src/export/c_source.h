// Models as C: one file that any compiler of C99 takes, for machines without an operating system.
#pragma once

#include <filesystem>
#include <string>

#include "export/operator_graph.h"
#include "export/torchscript.h"

namespace autoencoder {

/// How weights are written.
enum class CWeights {
  kFloat,
  kInt8,  ///< whole numbers from -127 to 127, and a scale for each output (channel): a quarter of the memory
};

/// The text of a C99 file that needs nothing but math.h: a function autoencoder_NAME(input, outputs...,
/// arena) for one example, and the sizes of all of them as macros. Throws Error, naming it, on an operator
/// that is not one of dense and convolutional models.
std::string c_source(const OperatorGraph& graph, CWeights weights);

/// The same graph with the weights as they are after they were written: what it computes is what the C does.
OperatorGraph with_rounded_weights(OperatorGraph graph, CWeights weights);

/// Writes the C of a model, or of a half of it: autoencoder_encode(input, code, arena),
/// autoencoder_decode(code, reconstruction, arena), or autoencoder_reconstruct(input, reconstruction, code,
/// arena). What it differs by is that of its operators with the weights as written. Throws Error as c_source
/// and checked_graph, and where the file cannot be written.
ExportCheck export_c(Autoencoder& model, const std::filesystem::path& path, ExportPart part,
                     CWeights weights);

}  // namespace autoencoder
