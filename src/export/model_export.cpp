#include "export/model_export.h"

#include "common/version.h"
#include "export/onnx.h"

namespace autoencoder {

namespace {

std::string metadata_of(const SavedModel& saved) {
  const auto& [channels, height, width] = saved.model->input_shape();
  Json metadata = {{"model", saved.options.at("model")},
                   {"options", saved.options},
                   {"input_shape", {channels, height, width}},
                   {"latent_dim", saved.model->latent_dim()},
                   {"version", program_version()}};
  if (!saved.schema.is_null()) {
    metadata["schema"] = saved.schema;
  }
  return json_text(metadata);
}

}  // namespace

ExportCheck export_model(const SavedModel& saved, const std::filesystem::path& path, ExportPart part) {
  // Of a copy: the check computes in double precision for a while.
  return export_torchscript(*copy_of(saved).model, path, {{"metadata.json", metadata_of(saved)}}, part);
}

ExportCheck export_model_as_onnx(const SavedModel& saved, const std::filesystem::path& path,
                                 ExportPart part) {
  return export_onnx(*copy_of(saved).model, path, {{"metadata.json", metadata_of(saved)}}, part);
}

ExportCheck export_model_as_c(const SavedModel& saved, const std::filesystem::path& path, ExportPart part,
                              CWeights weights) {
  return export_c(*copy_of(saved).model, path, part, weights);
}

void export_weights(const SavedModel& saved, const std::filesystem::path& path) {
  write_safetensors(path,
                    {weights_of(*saved.model), {{"format", "pt"}, {"metadata.json", metadata_of(saved)}}});
}

std::string export_text(Autoencoder& model, ExportPart part) {
  if (part != ExportPart::kWhole) {
    return part == ExportPart::kEncoder ? "TorchScript of the encoder: forward gives the code"
                                        : "TorchScript of the decoder: forward takes a code";
  }
  return std::string("TorchScript with forward, encode, decode") + (exports_sample(model) ? ", sample" : "");
}

}  // namespace autoencoder
