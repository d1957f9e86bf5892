#include <fmt/format.h>
#include <torch/types.h>

#include "export/torchscript.h"
#include "models/registry.h"
#include "run/saved_model.h"
#include "tests/parity/dump.h"
#include "tests/parity/tensor_file.h"

namespace autoencoder::testing {
namespace {

namespace fs = std::filesystem;

constexpr ImageShape kShape = {1, 12, 10};
constexpr uint64_t kSampleSeed = 11;

void write_exports(Autoencoder& model, const fs::path& stem) {
  const ExportMetadata metadata = {{"metadata.json", Json{{"latent_dim", model.latent_dim()}}.dump()}};
  export_torchscript(model, stem.string() + ".pt", metadata);
  export_torchscript(model, stem.string() + ".encoder.pt", metadata, ExportPart::kEncoder);
  export_torchscript(model, stem.string() + ".decoder.pt", metadata, ExportPart::kDecoder);
  write_safetensors(stem.string() + ".safetensors",
                    {weights_of(model), {{"format", "pt"}, {"caf\u00e9", "\u4e2d"}}});
}

NamedTensors expected_of(Autoencoder& model) {
  const torch::NoGradGuard no_grad;
  model.eval();
  NamedTensors tensors;
  for (const int64_t batch : {3, 7}) {
    const std::string suffix = fmt::format("_{}", batch);
    const torch::Tensor input = torch::rand({batch, kShape.channels, kShape.height, kShape.width});
    const torch::Tensor code = torch::randn({batch, model.latent_dim()});
    tensors.insert("input" + suffix, input);
    tensors.insert("code" + suffix, code);
    tensors.insert("forward" + suffix, model.forward(input));
    tensors.insert("encode" + suffix, model.encode(input));
    tensors.insert("decode" + suffix, model.decode(code));
    torch::manual_seed(kSampleSeed);
    tensors.insert("sample" + suffix, model.decode(torch::randn({batch, model.latent_dim()})));
  }
  return tensors;
}

void dump_export(const std::string& name, const fs::path& folder) {
  torch::manual_seed(1);
  const auto model = make_model({{"model", name}}, kShape);
  write_exports(*model, folder / name);
  write_tensors(folder / (name + ".tensors"), expected_of(*model));
}

}  // namespace

void dump_exports(const fs::path& folder) {
  for (const std::string& name : model_names()) {
    dump_export(name, folder);
  }
}

}  // namespace autoencoder::testing
