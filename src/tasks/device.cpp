#include "tasks/device.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/version.h>

#include "common/error.h"
#include "common/memory.h"
#include "common/text.h"
#include "tasks/threads.h"

namespace autoencoder {
namespace {

constexpr int kMostThreads = 1024;

torch::Device parse_device(const std::string& name) {
  const bool known = name == "cpu" || name == "cuda" || name.starts_with("cuda:");
  try {
    if (known) {
      return torch::Device(name);
    }
  } catch (const c10::Error&) {  // "cuda:x": told below
  }
  throw Error(fmt::format("device is '{}'; it must be auto, cpu, cuda or cuda:N", name));
}

}  // namespace

void DeviceOptions::visit(OptionVisitor& visitor) {
  visitor.option("device", device, "auto (a GPU where there is one), cpu, cuda or cuda:N");
  visitor.option("threads", threads, "CPU threads; 0: one for each core", between(0, kMostThreads));
  visitor.option("memory", memory,
                 "what examples may take in memory, such as 512M or 2G: more lie in a file ($TMPDIR, or else "
                 "/var/tmp); auto: half of what is free");
}

int64_t gpu_count() {
  return torch::cuda::is_available() ? static_cast<int64_t>(torch::cuda::device_count()) : 0;
}

torch::Device use_device(const DeviceOptions& options) {
  use_threads(static_cast<int>(options.threads));
  set_memory_bound(memory_bound_of(options));
  const int64_t gpus = gpu_count();
  if (options.device == "auto") {
    return gpus > 0 ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
  }
  const torch::Device device = parse_device(options.device);
  if (!device.is_cuda()) {
    return device;
  }
  const int64_t index = device.has_index() ? device.index() : 0;
  if (gpus == 0) {
    throw Error(fmt::format("device {}: no CUDA GPU can be used here (LibTorch {}{}); use --device cpu",
                            options.device, TORCH_VERSION,
                            torch::cuda::device_count() == 0 ? ", which sees none" : ""));
  }
  if (index >= gpus) {
    throw Error(
        fmt::format("device {}: there are {} GPUs, cuda:0 to cuda:{}", options.device, gpus, gpus - 1));
  }
  return {torch::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

uint64_t memory_bound_of(const DeviceOptions& options) {
  constexpr uint64_t kLeast = uint64_t{1} << 20;
  if (options.memory == "auto") {
    return 0;
  }
  const auto bytes = bytes_from(options.memory);
  if (!bytes || *bytes < kLeast) {
    throw Error(fmt::format(
        "memory is '{}'; it must be auto, or an amount of at least 1M, such as 512M or 2G", options.memory));
  }
  return *bytes;
}

std::string device_text(const torch::Device& device) {
  const int threads = at::get_num_threads();
  return device.is_cuda() ? device.str() : "cpu, " + counted(threads, "thread");
}

}  // namespace autoencoder
