// The device that a command works on, and its threads.
#pragma once

#include <string>

#include <torch/types.h>

#include "common/options.h"

namespace autoencoder {

struct DeviceOptions : Options {
  std::string device = "auto";
  int64_t threads = 0;

  void visit(OptionVisitor& visitor) override;
};

/// auto: the first CUDA GPU, or the CPU. Also sets the number of threads where it was given.
/// Throws Error where a GPU is asked for that is not there: never another device in its place; and where the
/// system does not let so many threads start.
torch::Device use_device(const DeviceOptions& options);

/// "cpu, 2 threads" or "cuda:0".
std::string device_text(const torch::Device& device);

}  // namespace autoencoder
