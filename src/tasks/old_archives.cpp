#include "tasks/old_archives.h"

#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <torch/optim/optimizer.h>
#include <torch/serialize.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "models/registry.h"
#include "training/optimizer_state.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using torch::Tensor;
using torch::serialize::InputArchive;

// An archive, or a part of one, by the names of what it holds.
class Old {
 public:
  explicit Old(InputArchive archive) : archive_(std::move(archive)) {}

  Old part(const std::string& name) {
    InputArchive inner;
    archive_.read(name, inner);
    return Old(std::move(inner));
  }
  c10::IValue value(const std::string& name) {
    c10::IValue value;
    archive_.read(name, value);
    return value;
  }
  std::string text(const std::string& name) { return value(name).toStringRef(); }
  int64_t number(const std::string& name) { return value(name).toInt(); }
  Tensor tensor(const std::string& name) {
    Tensor tensor;
    archive_.read(name, tensor, /*is_buffer=*/true);
    return tensor;
  }
  bool holds_tensor(const std::string& name) {
    Tensor tensor;
    return archive_.try_read(name, tensor, /*is_buffer=*/true);
  }
  InputArchive& archive() { return archive_; }

 private:
  InputArchive archive_;
};

// What `read` makes of the archive at `path`.
template <typename Read>
auto read_archive_of(const fs::path& path, Read read) {
  std::istringstream bytes(read_file(path));
  return whole_or_damaged(path, [&] {
    InputArchive archive;
    archive.load_from(bytes, torch::kCPU);
    return read(Old(std::move(archive)));
  });
}

SavedModel model_in(Old old) {
  const Json description = Json::parse(old.text("description"));
  const Json& sizes = description.at("shape");
  const ImageShape shape = {sizes.at(0), sizes.at(1), sizes.at(2)};
  const Json options = kept_options(description.at("options"));
  SavedModel saved = {make_model(options, shape), options};
  if (description.at("scaled").get<bool>()) {
    const Tensor room = torch::ones({shape.channels, shape.height, shape.width});
    saved.model->set_scaling({room, room.clone()});
  }
  Old weights = old.part("model");
  saved.model->load(weights.archive());
  return saved;
}

void restore(torch::optim::Optimizer& optimizer, Old old) {
  const auto* own = dynamic_cast<const RememberingOptimizer*>(&optimizer);
  if (own == nullptr) {
    optimizer.load(old.archive());
    return;
  }
  NamedTensors state;
  for (const auto& [name, tensors] : own->memory()) {
    for (size_t i = 0; i < tensors.size(); ++i) {
      state.emplace(fmt::format("{}.{}", name, i), old.tensor(name + std::to_string(i)));
    }
  }
  restore_optimizer(optimizer, state);
}

void restore(LossMeter& meter, Old old) {
  std::vector<std::string> names;
  const c10::IValue kept = old.value("names");
  for (const c10::IValue& name : kept.toListRef()) {
    names.push_back(name.toStringRef());
  }
  NamedTensors state;
  if (old.holds_tensor("sums")) {
    const Tensor sums = old.tensor("sums");
    const Tensor examples = torch::full({1}, old.number("examples"), sums.options());
    state = {{"sums", torch::cat({examples, sums})}, {"bad_step", old.tensor("bad_step")}};
  }
  meter.restore(std::move(names), state, torch::kCPU);
}

void restore(TrainingState& state, Old old) {
  state.epoch = old.number("epoch");
  state.batch = old.number("batch");
  state.seconds = old.value("seconds").toDouble();
  state.history = parse_history(old.text("history"), "checkpoint");
  if (const Tensor noise = old.tensor("noise"); noise.numel() == state.noise.get_state().numel()) {
    state.noise.set_state(noise);
  }
  restore(state.meter, old.part("meter"));
}

}  // namespace

SavedModel read_old_model(const fs::path& checkpoint) { return read_archive_of(checkpoint, model_in); }

void read_old_state(const fs::path& checkpoint, torch::optim::Optimizer& optimizer, TrainingState& state) {
  read_archive_of(checkpoint, [&](Old old) {
    restore(optimizer, old.part("optimizer"));
    restore(state, old.part("state"));
  });
}

Split read_old_split(const fs::path& path) {
  return read_archive_of(path, [](Old old) {
    const auto positions = [&](const char* name) { return old.tensor(name).to(torch::kInt64); };
    return Split{positions("train"), positions("validation"), positions("test"),
                 old.number("source_examples"), old.number("source_test_examples")};
  });
}

Detector read_old_detector(const fs::path& path) {
  return read_archive_of(path, [](Old old) {
    return Detector{old.text("score"),
                    old.value("threshold").toDouble(),
                    {old.tensor("codes"), old.tensor("mean"), axes_of_precision(old.tensor("precision"))}};
  });
}

}  // namespace autoencoder
