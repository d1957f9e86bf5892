// A run's model as a file for other programs: TorchScript, or its weights alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/options.h"
#include "export/torchscript.h"

namespace autoencoder {

struct ExportRequest : Options {
  std::string run;  ///< its folder
  std::string out;
  ExportPart part = ExportPart::kWhole;

  void visit(OptionVisitor& visitor) override;
};

struct ExportResult {
  std::filesystem::path out;
  std::string content;                       ///< "TorchScript with forward, encode, decode"
  std::optional<double> largest_difference;  ///< from the model, of a TorchScript file that was tried

  Json to_json() const;
};

/// Writes `out`: the weights where it ends in .safetensors, else TorchScript. Throws Error as open_run_model
/// and export_model, and UsageError where a part of the weights is asked for.
ExportResult export_run(const ExportRequest& request);

}  // namespace autoencoder
