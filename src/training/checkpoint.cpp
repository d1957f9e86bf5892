#include "training/checkpoint.h"

#include <mutex>

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/error.h"

namespace autoencoder {
namespace {

using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

void write_state(OutputArchive& archive, const TrainingState& state) {
  archive.write("epoch", c10::IValue(state.epoch));
  archive.write("batch", c10::IValue(state.batch));
  archive.write("seconds", c10::IValue(state.seconds));
  archive.write("history", c10::IValue(to_csv(state.history)));
  archive.write("noise", state.noise.get_state(), /*is_buffer=*/true);
  OutputArchive meter(archive.compilation_unit());
  state.meter.save(meter);
  archive.write("meter", meter);
}

void read_state(InputArchive& archive, const torch::Device& device, TrainingState& state) {
  c10::IValue value;
  archive.read("epoch", value);
  state.epoch = value.toInt();
  archive.read("batch", value);
  state.batch = value.toInt();
  archive.read("seconds", value);
  state.seconds = value.toDouble();
  archive.read("history", value);
  state.history = parse_csv(value.toStringRef(), "checkpoint");
  torch::Tensor noise;
  archive.read("noise", noise, /*is_buffer=*/true);
  const bool is_of_this_device = noise.numel() == state.noise.get_state().numel();
  if (is_of_this_device) {  // another kind of device draws other noise anyway
    state.noise.set_state(noise.cpu());
  }
  InputArchive meter;
  archive.read("meter", meter);
  state.meter.load(meter, device);
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const SavedModel& saved,
                     const torch::optim::Optimizer& optimizer, const TrainingState& state) {
  OutputArchive archive;
  write_model(archive, saved);
  OutputArchive optimizer_archive(archive.compilation_unit());
  optimizer.save(optimizer_archive);
  archive.write("optimizer", optimizer_archive);
  OutputArchive state_archive(archive.compilation_unit());
  write_state(state_archive, state);
  archive.write("state", state_archive);
  write_archive(archive, path);
}

void load_checkpoint(const std::filesystem::path& path, const torch::Device& device,
                     torch::optim::Optimizer& optimizer, TrainingState& state) {
  InputArchive archive = open_archive(path, device);
  try {
    InputArchive part;
    archive.read("optimizer", part);
    optimizer.load(part);
    InputArchive state_part;
    archive.read("state", state_part);
    read_state(state_part, device, state);
  } catch (const c10::Error&) {
    throw Error(fmt::format("{}: damaged, or not written by this program", path.string()));
  }
}

}  // namespace autoencoder
