// The device that a command works on, its threads and its memory.
#pragma once

#include <string>

#include <torch/types.h>

#include "common/options.h"

namespace autoencoder {

struct DeviceOptions : Options {
  std::string device = "auto";
  int64_t threads = 0;
  std::string memory = "auto";  ///< or bytes_from

  void visit(OptionVisitor& visitor) override;
};

/// That can be used here.
int64_t gpu_count();

/// auto: the first CUDA GPU, or the CPU. Also sets the number of threads where it was given, and the memory
/// that examples may take. Throws Error where a GPU is asked for that is not there: never another device in
/// its place; where the system does not let so many threads start, and where memory is none.
torch::Device use_device(const DeviceOptions& options);

/// In bytes; 0: "auto". Throws Error on text that is no amount of memory.
uint64_t memory_bound_of(const DeviceOptions& options);

/// "cpu, 2 threads" or "cuda:0".
std::string device_text(const torch::Device& device);

}  // namespace autoencoder
