#include "tasks/device.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sys/resource.h>
#include <unistd.h>

#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/types.h>

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

torch::Device device_named(const std::string& name) {
  DeviceOptions options;
  options.device = name;
  return use_device(options);
}

TEST(Device, NamesAreChecked) {
  EXPECT_EQ(device_named("cpu"), torch::Device(torch::kCPU));
  for (const char* name : {"gpu", "cuda:x", "cuda:", ""}) {
    EXPECT_THAT(error_of([&] { device_named(name); }), HasSubstr("it must be auto, cpu, cuda or cuda:N"))
        << name;
  }
}

// Lets this process have `bytes` more of memory than it has: room for the stacks of a few threads.
void limit_memory(rlim_t bytes) {
  int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t most = static_cast<rlim_t>(pages) * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + bytes;
  const rlimit limit = {most, most};
  ::setrlimit(RLIMIT_AS, &limit);
}

TEST(Device, MoreThreadsThanTheSystemStartsAreRefused) {
#ifdef AUTOENCODER_SANITIZED
  GTEST_SKIP() << "sanitizers need more memory than this leaves them";
#endif
  const auto ask_for_many = [] {
    limit_memory(100 << 20);
    const int before = at::get_num_threads();
    DeviceOptions options;
    options.device = "cpu";
    options.threads = 1000;
    try {
      use_device(options);
    } catch (const Error& error) {
      std::cerr << error.what();
      std::_Exit(at::get_num_threads() == before ? 7 : 8);  // LibTorch must not have begun to start them
    }
    std::_Exit(0);
  };
  EXPECT_EXIT(ask_for_many(), ::testing::ExitedWithCode(7), "threads: 1000 are too many, .* lower --threads");
}

TEST(Device, AskingForAGpuWhereThereIsNoneIsAnError) {
  if (torch::cuda::is_available()) {
    GTEST_SKIP() << "there is a GPU";
  }
  EXPECT_EQ(device_named("auto"), torch::Device(torch::kCPU));
  EXPECT_THAT(error_of([] { device_named("cuda"); }), HasSubstr("device cuda: no CUDA GPU can be used here"));
  EXPECT_THAT(error_of([] { device_named("cuda:1"); }), HasSubstr("use --device cpu"));
}

TEST(GpuDevice, AutoTakesTheFirstGpuAndOnlyThoseThereAre) {
  if (!torch::cuda::is_available()) {
    GTEST_SKIP() << "no CUDA GPU here";
  }
  EXPECT_EQ(device_named("auto"), torch::Device(torch::kCUDA, 0));
  EXPECT_THAT(error_of([] { device_named("cuda:99"); }), HasSubstr("device cuda:99: there are"));
}

}  // namespace
}  // namespace autoencoder
