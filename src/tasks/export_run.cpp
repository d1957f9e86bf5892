#include "tasks/export_run.h"

#include <algorithm>
#include <array>

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

struct Ending {
  const char* text;
  ExportFormat format;  // the first of an ending is the usual one
};
constexpr std::array<Ending, 5> kEndings = {{{".pt", ExportFormat::kTorchScript},
                                             {".onnx", ExportFormat::kOnnx},
                                             {".c", ExportFormat::kC},
                                             {".c", ExportFormat::kCInt8},
                                             {".safetensors", ExportFormat::kWeights}}};

// What is asked for, or what the ending of the file says.
ExportFormat format_of(const ExportRequest& request) {
  if (request.format != ExportFormat::kAuto) {
    return request.format;
  }
  if (request.out.empty()) {
    return ExportFormat::kTorchScript;
  }
  const std::string ending = std::filesystem::path(request.out).extension().string();
  const auto known = std::ranges::find(kEndings, ending, &Ending::text);
  if (known == kEndings.end()) {
    throw UsageError(
        fmt::format("--out is {}; TorchScript is written to a file that ends in .pt, ONNX to .onnx, C to .c, "
                    "the weights alone to "
                    ".safetensors",
                    request.out));
  }
  return known->format;
}

std::string ending_of(ExportFormat format) {
  return std::ranges::find(kEndings, format, &Ending::format)->text;
}

void check_request(const ExportRequest& request, ExportFormat format) {
  if (format == ExportFormat::kWeights && request.part != ExportPart::kWhole) {
    throw UsageError(fmt::format("--part {} is for TorchScript, ONNX and C; {} gets all weights",
                                 name_of(export_parts(), request.part),
                                 request.out.empty() ? "model.safetensors" : request.out));
  }
  const std::string ending = std::filesystem::path(request.out).extension().string();
  if (!request.out.empty() && ending != ending_of(format)) {
    throw UsageError(fmt::format("--out is {}, but --format {} is written to a file that ends in {}",
                                 request.out, name_of(export_formats(), format), ending_of(format)));
  }
}

std::string part_text(ExportPart part, const char* whole) {
  return part == ExportPart::kWhole ? whole : name_of(export_parts(), part);
}

ExportResult export_as(ExportFormat format, const OpenRun& run, const std::filesystem::path& out,
                       ExportPart part) {
  switch (format) {
    case ExportFormat::kOnnx:
      return {out,
              fmt::format("ONNX, opset {}: {}", kOpset, part_text(part, "input to reconstruction and code")),
              export_model_as_onnx(run.saved, out, part).largest_difference};
    case ExportFormat::kC:
      return {out, "C99: " + part_text(part, "autoencoder_reconstruct"),
              export_model_as_c(run.saved, out, part, CWeights::kFloat).largest_difference};
    case ExportFormat::kCInt8:
      return {out, "C99 with weights of 8 bits: " + part_text(part, "autoencoder_reconstruct"),
              export_model_as_c(run.saved, out, part, CWeights::kInt8).largest_difference};
    case ExportFormat::kWeights:
      export_weights(run.saved, out);
      return {out, "weights by name", {}};
    default:
      return {out, export_text(run.model(), part), export_model(run.saved, out, part).largest_difference};
  }
}

}  // namespace

Choices<ExportFormat> export_formats() {
  return {{"auto", ExportFormat::kAuto},    {"torchscript", ExportFormat::kTorchScript},
          {"onnx", ExportFormat::kOnnx},    {"c", ExportFormat::kC},
          {"c-int8", ExportFormat::kCInt8}, {"weights", ExportFormat::kWeights}};
}

void ExportRequest::visit(OptionVisitor& visitor) {
  visitor.group("Output");
  visitor.option(
      "out", out,
      "the file to write; the default is RUN/model.pt (encoder.pt, decoder.pt), of another format with its "
      "ending");
  visitor.choice("format", format,
                 "torchscript (.pt), onnx (.onnx), c (.c: dense and convolutional models), c-int8 (the same "
                 "with weights of "
                 "8 bits), weights (.safetensors); auto: by the ending of --out, else torchscript",
                 export_formats());
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
  const ExportFormat format = format_of(request);
  check_request(request, format);
  const OpenRun run = open_run_model(request.run, torch::kCPU);
  const std::string name =
      request.part == ExportPart::kWhole ? "model" : name_of(export_parts(), request.part);
  return export_as(format, run, run.output_path(request.out, name + ending_of(format)), request.part);
}

}  // namespace autoencoder
