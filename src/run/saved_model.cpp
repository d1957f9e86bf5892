#include "run/saved_model.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWeights = "model.";
constexpr int64_t kMostNumbers = int64_t{1} << 40;  // of an example; more is a damaged file

Json shape_to_json(const ImageShape& shape) { return {shape.channels, shape.height, shape.width}; }

ImageShape shape_from_json(const Json& sizes) {
  const ImageShape shape = {sizes.at(0), sizes.at(1), sizes.at(2)};
  int64_t numbers = 1;
  for (const int64_t size : {shape.channels, shape.height, shape.width}) {
    TORCH_CHECK(size >= 1 && size <= kMostNumbers / numbers, "no shape of an example: ", sizes.dump());
    numbers *= size;
  }
  return shape;
}

SavedModel make_described(const Json& description) {
  const Json options = kept_options(description.at("options"));
  const ImageShape shape = shape_from_json(description.at("shape"));
  SavedModel saved = {make_model(options, shape), options, description.value("schema", Json())};
  if (description.at("scaled").get<bool>()) {
    const torch::Tensor room = torch::ones({shape.channels, shape.height, shape.width});
    saved.model->set_scaling({room, room.clone()});
  }
  return saved;
}

void restore_weights(const Autoencoder& model, const Archive& archive) {
  const torch::NoGradGuard no_grad;
  for (const auto& [name, weight] : weights_of(model)) {
    const torch::Tensor& kept = archive.tensor(kWeights + name);
    TORCH_CHECK(kept.sizes() == weight.sizes(), name, " has other sizes");
    torch::Tensor(weight).copy_(kept);
  }
}

SavedModel model_in(const Archive& archive) {
  SavedModel saved = make_described(archive.description);
  restore_weights(*saved.model, archive);
  saved.model->eval();
  return saved;
}

}  // namespace

NamedTensors weights_of(const Autoencoder& model) {
  NamedTensors weights;
  for (const auto& tensors : {model.named_parameters(), model.named_buffers()}) {
    for (const auto& item : tensors) {
      weights.emplace(item.key(), item.value());
    }
  }
  return weights;
}

Archive archive_of(const SavedModel& saved) {
  Archive archive = {kCheckpointKind,
                     {{"options", saved.options},
                      {"shape", shape_to_json(saved.model->input_shape())},
                      {"scaled", saved.model->has_scaling()},
                      {"schema", saved.schema}}};
  for (const auto& [name, weight] : weights_of(*saved.model)) {
    archive.tensors.emplace(kWeights + name, weight);
  }
  return archive;
}

SavedModel load_model(const fs::path& checkpoint, const torch::Device& device) {
  const Archive archive = read_archive(checkpoint, kCheckpointKind);
  return whole_or_damaged(checkpoint, [&] {
    try {
      SavedModel saved = model_in(archive);
      saved.model->to(device);
      return saved;
    } catch (const Error& error) {
      throw Error(fmt::format("{}: {}", checkpoint.string(), error.what()));
    }
  });
}

SavedModel copy_of(const SavedModel& saved) { return model_in(archive_of(saved)); }

}  // namespace autoencoder
