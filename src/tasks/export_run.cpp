#include "tasks/export_run.h"

#include <fmt/format.h>

#include "common/error.h"
#include "export/model_export.h"
#include "tasks/run_access.h"

namespace autoencoder {
namespace {

ExportPart export_part(const std::string& name) {
  if (name == "encoder") {
    return ExportPart::kEncoder;
  }
  return name == "decoder" ? ExportPart::kDecoder : ExportPart::kWhole;
}

ExportResult export_weights_alone(const OpenRun& run, const ExportRequest& request) {
  if (request.part != "whole") {
    throw UsageError(
        fmt::format("--part {} is for TorchScript; {} gets all weights", request.part, request.out));
  }
  export_weights(run.saved, request.out);
  return {request.out, "weights by name", {}};
}

ExportResult export_as_torchscript(OpenRun& run, const ExportRequest& request) {
  const ExportPart part = export_part(request.part);
  const std::string name = part == ExportPart::kWhole ? "model.pt" : request.part + ".pt";
  const std::filesystem::path out = run.output_path(request.out, name);
  const ExportCheck check = export_model(run.saved, out, part);
  return {out, export_text(run.model(), part), check.largest_difference};
}

}  // namespace

void ExportRequest::visit(OptionVisitor& visitor) {
  visitor.group("Output");
  visitor.option("out", out,
                 "the file to write; the default is RUN/model.pt (encoder.pt, decoder.pt). One that ends in "
                 ".safetensors gets the weights alone");
  visitor.option("part", part, "whole, encoder or decoder", one_of({"whole", "encoder", "decoder"}));
}

Json ExportResult::to_json() const {
  Json json = {{"out", out.string()}, {"content", content}};
  if (largest_difference) {
    json["largest_difference"] = *largest_difference;
  }
  return json;
}

ExportResult export_run(const ExportRequest& request) {
  OpenRun run = open_run_model(request.run, torch::kCPU);
  const bool wants_weights = std::filesystem::path(request.out).extension() == ".safetensors";
  return wants_weights ? export_weights_alone(run, request) : export_as_torchscript(run, request);
}

}  // namespace autoencoder
