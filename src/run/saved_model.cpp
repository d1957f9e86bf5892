#include "run/saved_model.h"

#include <sstream>

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/error.h"
#include "common/files.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

Error damaged(const fs::path& path) {
  return Error(fmt::format("{}: damaged, or not written by this program", path.string()));
}

Json shape_to_json(const ImageShape& shape) { return {shape.channels, shape.height, shape.width}; }

ImageShape shape_from_json(const Json& sizes) { return {sizes.at(0), sizes.at(1), sizes.at(2)}; }

}  // namespace

void write_model(OutputArchive& archive, const SavedModel& saved) {
  const Json description = {{"options", saved.options},
                            {"shape", shape_to_json(saved.model->input_shape())},
                            {"scaled", saved.model->has_scaling()}};
  archive.write("description", c10::IValue(description.dump()));
  OutputArchive weights(archive.compilation_unit());
  saved.model->save(weights);
  archive.write("model", weights);
}

SavedModel load_model(const fs::path& checkpoint, const torch::Device& device) {
  InputArchive archive = open_archive(checkpoint, device);
  try {
    c10::IValue text;
    archive.read("description", text);
    const Json description = parse_json(text.toStringRef(), checkpoint.string());
    const Json& options = description.at("options");
    const ImageShape shape = shape_from_json(description.at("shape"));
    SavedModel saved = {make_model(options, shape), options};
    if (description.at("scaled").get<bool>()) {
      const torch::Tensor room = torch::ones({shape.channels, shape.height, shape.width});
      saved.model->set_scaling({room, room.clone()});
    }
    InputArchive weights;
    archive.read("model", weights);
    saved.model->load(weights);
    saved.model->to(device);
    saved.model->eval();
    return saved;
  } catch (const c10::Error&) {
    throw damaged(checkpoint);
  } catch (const Json::exception&) {
    throw damaged(checkpoint);
  }
}

InputArchive open_archive(const fs::path& path, const torch::Device& device) {
  if (!fs::exists(path)) {
    throw Error(fmt::format("{}: no such file; the run has saved nothing under this name", path.string()));
  }
  std::istringstream bytes(read_file(path));
  try {
    InputArchive archive;
    archive.load_from(bytes, device);
    return archive;
  } catch (const c10::Error&) {
    throw damaged(path);
  }
}

void write_archive(OutputArchive& archive, const fs::path& path) {
  std::ostringstream bytes;
  archive.save_to(bytes);
  write_file(path, bytes.view());
}

void write_split(const fs::path& path, const Split& split) {
  OutputArchive archive;
  archive.write("train", split.train.to(torch::kInt32), /*is_buffer=*/true);
  archive.write("validation", split.validation.to(torch::kInt32), /*is_buffer=*/true);
  archive.write("test", split.test.to(torch::kInt32), /*is_buffer=*/true);
  archive.write("source_examples", c10::IValue(split.source_examples));
  archive.write("source_test_examples", c10::IValue(split.source_test_examples));
  write_archive(archive, path);
}

Split read_split(const fs::path& path) {
  InputArchive archive = open_archive(path, torch::kCPU);
  const auto indices = [&](const char* name) {
    torch::Tensor positions;
    archive.read(name, positions, /*is_buffer=*/true);
    return positions.to(torch::kInt64);
  };
  const auto count = [&](const char* name) {
    c10::IValue value;
    archive.read(name, value);
    return value.toInt();
  };
  try {
    return {indices("train"), indices("validation"), indices("test"), count("source_examples"),
            count("source_test_examples")};
  } catch (const c10::Error&) {
    throw damaged(path);
  }
}

}  // namespace autoencoder
