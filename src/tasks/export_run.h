// A run's model as a file for other programs: TorchScript, ONNX, C, or its weights alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/options.h"
#include "export/torchscript.h"

namespace autoencoder {

enum class ExportFormat { kAuto, kTorchScript, kOnnx, kC, kCInt8, kWeights };

/// "auto", "torchscript", "onnx", "c", "c-int8", "weights".
Choices<ExportFormat> export_formats();

struct ExportRequest : Options {
  std::string run;  ///< its folder
  std::string out;
  ExportFormat format = ExportFormat::kAuto;  ///< by the ending of `out`
  ExportPart part = ExportPart::kWhole;

  void visit(OptionVisitor& visitor) override;
};

struct ExportResult {
  std::filesystem::path out;
  std::string content;                       ///< "TorchScript with forward, encode, decode"
  std::optional<double> largest_difference;  ///< from the model, of a file that was tried

  Json to_json() const;
};

/// Writes `out`, or a file in the run. Throws Error as open_run_model and the functions of export/, and
/// UsageError where a part of the weights is asked for, or the ending of `out` is that of another format.
ExportResult export_run(const ExportRequest& request);

}  // namespace autoencoder
