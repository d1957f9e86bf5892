// autoencoder speed RUN: how fast a model encodes and reconstructs, by batch size.

#include <vector>

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/run_access.h"
#include "common/random.h"
#include "common/stopwatch.h"
#include "common/text.h"

namespace autoencoder {
namespace {

constexpr int64_t kWarmUp = 3;

struct SpeedOptions : Options {
  std::vector<int64_t> batch_sizes = {1, 1000};
  double seconds = 1;
  DeviceOptions device;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Measurement");
    visitor.option("batch-sizes", batch_sizes, "images at a time", between(1, kMostExamples));
    visitor.option("seconds", seconds, "how long each figure is measured", between(0, 86'400));
    device.visit(visitor);
    visitor.option("json", json, "print JSON");
  }
};

void wait_for(const torch::Device& device) {
  if (device.is_cuda()) {
    torch::cuda::synchronize(device.index());
  }
}

template <typename Work>
double images_per_second(const torch::Tensor& images, double seconds, Work work) {
  for (int64_t i = 0; i < kWarmUp; ++i) {
    work(images);
  }
  wait_for(images.device());
  const Stopwatch watch;
  int64_t batches = 0;
  do {
    work(images);
    wait_for(images.device());
    ++batches;
  } while (watch.seconds() < seconds);
  return static_cast<double>(batches * images.size(0)) / watch.seconds();
}

int run_speed(const Arguments& arguments) {
  const auto options = options_from<SpeedOptions>(arguments);
  const torch::Device device = use_device(options.device);
  OpenRun opened = open_run_model(arguments.words.front(), device);
  Autoencoder& model = opened.model();
  model.eval();
  const c10::InferenceMode inference;
  const auto& [channels, height, width] = model.input_shape();
  Json json = {{"encode", Json::object()}, {"reconstruct", Json::object()}};
  if (!options.json) {
    fmt::print("{:>10}  {:>16}  {:>16}\n", "batch", "encode", "reconstruct");
  }
  for (const int64_t size : options.batch_sizes) {
    const torch::Tensor images = torch::rand({size, channels, height, width}, make_generator(0)).to(device);
    const double encode = images_per_second(images, options.seconds, [&](const auto& x) { model.encode(x); });
    const double reconstruct =
        images_per_second(images, options.seconds, [&](const auto& x) { model.forward(x); });
    json["encode"][std::to_string(size)] = encode;
    json["reconstruct"][std::to_string(size)] = reconstruct;
    if (!options.json) {
      const auto rate = [&](double value) {
        return fmt::format("{} {}s/s", with_thousands(static_cast<int64_t>(value)),
                           model.input_shape().noun());
      };
      fmt::print("{:>10}  {:>16}  {:>16}\n", with_thousands(size), rate(encode), rate(reconstruct));
    }
  }
  if (options.json) {
    answer_in_json(json);
  }
  return 0;
}

}  // namespace

Command speed_command() {
  return {.name = "speed",
          .summary = "images a second that a model encodes and reconstructs, by batch size",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder speed runs/dense-mnist-1",
                       "autoencoder speed runs/dense-mnist-1 --batch-sizes 1,256 --device cuda"},
          .options = specs_of<SpeedOptions>,
          .run = run_speed};
}

}  // namespace autoencoder
