#include "commands/model_export.h"

#include "commands/version.h"

namespace autoencoder {

ExportCheck export_model(const SavedModel& saved, const std::filesystem::path& path, ExportPart part) {
  const auto& [channels, height, width] = saved.model->input_shape();
  const Json metadata = {{"model", saved.options.at("model")},
                         {"options", saved.options},
                         {"input_shape", {channels, height, width}},
                         {"latent_dim", saved.model->latent_dim()},
                         {"version", program_version()}};
  return export_torchscript(*saved.model, path, {{"metadata.json", metadata.dump()}}, part);
}

std::string export_text(const Autoencoder& model, ExportPart part) {
  if (part != ExportPart::kWhole) {
    return part == ExportPart::kEncoder ? "TorchScript of the encoder: forward gives the code"
                                        : "TorchScript of the decoder: forward takes a code";
  }
  const bool samples = dynamic_cast<const Generative*>(&model) != nullptr;
  return std::string("TorchScript with forward, encode, decode") + (samples ? ", sample" : "");
}

}  // namespace autoencoder
