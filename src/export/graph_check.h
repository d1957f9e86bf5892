// A model's graph of operators, once it has proved to compute what the model does.
#pragma once

#include <filesystem>

#include "export/operator_graph.h"
#include "export/torchscript.h"
#include "models/autoencoder.h"

namespace autoencoder {

struct CheckedGraph {
  OperatorGraph graph;
  ExportCheck check;
};

/// Throws Error, which names the file that was to be written, as the graphs of operator_translation.h, and
/// where it differs from the model by more than rounding explains, for one example or several. The model must
/// be in evaluation mode, on the CPU.
CheckedGraph checked_graph(Autoencoder& model, const std::filesystem::path& path, ExportPart part);

}  // namespace autoencoder
