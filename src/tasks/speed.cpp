#include "tasks/speed.h"

#include <c10/core/InferenceMode.h>
#include <torch/cuda.h>
#include <torch/types.h>

#include "common/random.h"
#include "common/stopwatch.h"
#include "models/kernels/blas.h"

namespace autoencoder {
namespace {

constexpr int64_t kWarmUp = 3;

void wait_for(const torch::Device& device) {
  if (device.is_cuda()) {
    torch::cuda::synchronize(device.index());
  }
}

template <typename Work>
double examples_per_second(const torch::Tensor& examples, double seconds, Work work) {
  for (int64_t i = 0; i < kWarmUp; ++i) {
    work(examples);
  }
  wait_for(examples.device());
  const Stopwatch watch;
  int64_t batches = 0;
  do {
    work(examples);
    wait_for(examples.device());
    ++batches;
  } while (watch.seconds() < seconds);
  return static_cast<double>(batches * examples.size(0)) / watch.seconds();
}

torch::Tensor random_examples(const Autoencoder& model, int64_t count) {
  const auto& [channels, height, width] = model.input_shape();
  return torch::rand({count, channels, height, width}, make_generator(0))
      .to(model.parameters().front().device());
}

}  // namespace

void SpeedRequest::visit(OptionVisitor& visitor) {
  visitor.group("Measurement");
  visitor.option("batch-sizes", batch_sizes, "images at a time", between(1, kMostExamples));
  visitor.option("seconds", seconds, "how long each figure is measured", between(0, 86'400));
  precision.visit(visitor);
  device.visit(visitor);
}

Json SpeedResult::to_json() const {
  Json json = {{"encode", Json::object()}, {"reconstruct", Json::object()}, {"blas", blas}};
  for (const BatchSpeed& speed : speeds) {
    const std::string size = std::to_string(speed.batch_size);
    json["encode"][size] = speed.encode;
    json["reconstruct"][size] = speed.reconstruct;
  }
  return json;
}

SpeedResult measure_speed(const SpeedRequest& request, Progress& progress) {
  const OpenRun run = open_requested(request);
  Autoencoder& model = run.model();
  const c10::InferenceMode inference;
  const bool is_on_cpu = model.parameters().front().is_cpu();
  SpeedResult result = {
      model.input_shape().noun(), is_on_cpu ? blas_name() : "", request.precision.note(model), {}};
  const MixedPrecision mixed = request.precision.of(model);
  const auto products = mixed.scope();
  progress.begin("measuring", static_cast<int64_t>(request.batch_sizes.size()));
  for (const int64_t size : request.batch_sizes) {
    const torch::Tensor examples = random_examples(model, size);
    BatchSpeed speed = {.batch_size = size};
    speed.encode = examples_per_second(examples, request.seconds, [&](const auto& x) { model.encode(x); });
    speed.reconstruct =
        examples_per_second(examples, request.seconds, [&](const auto& x) { model.forward(x); });
    result.speeds.push_back(speed);
    progress.advance(1);
  }
  return result;
}

}  // namespace autoencoder
