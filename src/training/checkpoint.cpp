#include "training/checkpoint.h"

#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include "training/optimizer_state.h"

namespace autoencoder {
namespace {

constexpr const char* kOptimizer = "optimizer.";
constexpr const char* kMeter = "meter.";
constexpr const char* kNoise = "noise";

void add(NamedTensors& all, const std::string& prefix, const NamedTensors& some) {
  for (const auto& [name, tensor] : some) {
    all.emplace(prefix + name, tensor);
  }
}

// Those whose names begin with `prefix`, without it.
NamedTensors part(const NamedTensors& all, const std::string& prefix) {
  NamedTensors some;
  for (const auto& [name, tensor] : all) {
    if (name.starts_with(prefix)) {
      some.emplace(name.substr(prefix.size()), tensor);
    }
  }
  return some;
}

Json describe(const TrainingState& state) {
  return {{"epoch", state.epoch},
          {"batch", state.batch},
          {"seconds", state.seconds},
          {"history", to_csv(state.history)},
          {"terms", state.meter.term_names()}};
}

void restore_noise(at::Generator& noise, const torch::Tensor& saved) {
  const bool is_of_this_device = saved.numel() == noise.get_state().numel();
  if (is_of_this_device) {  // another kind of device draws other noise anyway
    noise.set_state(saved.clone());
  }
}

void restore_state(TrainingState& state, const Archive& archive, const torch::Device& device) {
  const Json& description = archive.description.at("state");
  description.at("epoch").get_to(state.epoch);
  description.at("batch").get_to(state.batch);
  description.at("seconds").get_to(state.seconds);
  state.history = parse_history(description.at("history"), "checkpoint");
  TORCH_CHECK(state.epoch >= static_cast<int64_t>(state.history.size()) && state.batch >= 0,
              "epochs and history do not belong together");
  state.meter.restore(description.at("terms"), part(archive.tensors, kMeter), device);
  restore_noise(state.noise, archive.tensor(kNoise));
}

}  // namespace

Archive checkpoint_of(const SavedModel& saved, const torch::optim::Optimizer& optimizer,
                      const TrainingState& state) {
  Archive archive = archive_of(saved);
  archive.description["state"] = describe(state);
  add(archive.tensors, kOptimizer, optimizer_state(optimizer));
  add(archive.tensors, kMeter, state.meter.state());
  archive.tensors.emplace(kNoise, state.noise.get_state());
  return archive;
}

void save_checkpoint(const std::filesystem::path& path, const SavedModel& saved,
                     const torch::optim::Optimizer& optimizer, const TrainingState& state) {
  write_archive(path, checkpoint_of(saved, optimizer, state));
}

void load_checkpoint(const std::filesystem::path& path, const torch::Device& device,
                     torch::optim::Optimizer& optimizer, TrainingState& state) {
  const Archive archive = read_archive(path, kCheckpointKind);
  whole_or_damaged(path, [&] {
    restore_optimizer(optimizer, part(archive.tensors, kOptimizer));
    restore_state(state, archive, device);
  });
}

}  // namespace autoencoder
