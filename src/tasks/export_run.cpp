#include "tasks/export_run.h"

#include <fmt/format.h>

#include "common/error.h"
#include "export/model_export.h"
#include "tasks/run_access.h"

namespace autoencoder {
namespace {

Choices<ExportPart> export_parts() {
  return {
      {"whole", ExportPart::kWhole}, {"encoder", ExportPart::kEncoder}, {"decoder", ExportPart::kDecoder}};
}

ExportResult export_weights_alone(const OpenRun& run, const ExportRequest& request) {
  if (request.part != ExportPart::kWhole) {
    throw UsageError(fmt::format("--part {} is for TorchScript; {} gets all weights",
                                 name_of(export_parts(), request.part), request.out));
  }
  export_weights(run.saved, request.out);
  return {request.out, "weights by name", {}};
}

ExportResult export_as_torchscript(const OpenRun& run, const ExportRequest& request) {
  const ExportPart part = request.part;
  const std::string name = part == ExportPart::kWhole ? "model" : name_of(export_parts(), part);
  const std::filesystem::path out = run.output_path(request.out, name + ".pt");
  const ExportCheck check = export_model(run.saved, out, part);
  return {out, export_text(run.model(), part), check.largest_difference};
}

}  // namespace

void ExportRequest::visit(OptionVisitor& visitor) {
  visitor.group("Output");
  visitor.option("out", out,
                 "the file to write; the default is RUN/model.pt (encoder.pt, decoder.pt). One that ends in "
                 ".safetensors gets the weights alone");
  visitor.choice("part", part, "whole, encoder or decoder", export_parts());
}

Json ExportResult::to_json() const {
  Json json = {{"out", out.string()}, {"content", content}};
  if (largest_difference) {
    json["largest_difference"] = *largest_difference;
  }
  return json;
}

ExportResult export_run(const ExportRequest& request) {
  const std::string ending = std::filesystem::path(request.out).extension().string();
  const bool wants_weights = ending == ".safetensors";
  if (!wants_weights && !request.out.empty() && ending != ".pt") {
    throw UsageError(
        fmt::format("--out is {}; TorchScript is written to a file that ends in .pt, the weights "
                    "alone to one that ends in .safetensors",
                    request.out));
  }
  const OpenRun run = open_run_model(request.run, torch::kCPU);
  return wants_weights ? export_weights_alone(run, request) : export_as_torchscript(run, request);
}

}  // namespace autoencoder
