#include "commands/device.h"

#include <torch/torch.h>

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
