#include "tasks/run_access.h"

#include <thread>

#include <torch/torch.h>

#include "compression/compressor.h"
#include "export/model_export.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::spots;
using testing::TaskTest;

class OpenRunTest : public TaskTest {
 protected:
  std::string run_ = train(
      "run", {{"data", write_spots("spots", 200, 40)}, {"hidden", {16}}, {"latent-dim", 2}, {"epochs", 1}});
};

// Some of which compute in double precision, or in evaluation mode alone.
TEST_F(OpenRunTest, TasksMayWorkOnOneAtTheSameTime) {
  const OpenRun run = open_run_model(run_, torch::kCPU);
  const torch::Tensor images = spots(40, 2).images.all();
  const auto codes = [&] {
    const torch::NoGradGuard no_grad;
    return run.model().encode(to_unit_range(images));
  };
  const torch::Tensor expected = codes();
  std::thread others([&] {
    for (int i = 0; i < 5; ++i) {
      const CompressionQuality lossless = {.fidelity = Fidelity::kLossless};
      const Compressor compressor(run.saved, plan_compression(run.model(), images, lossless));
      EXPECT_TRUE(torch::equal(compressor.decompress(compressor.compress(images)), images));
      export_model(run.saved, path("model.pt"));
    }
  });
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(torch::equal(codes(), expected)) << i;
  }
  others.join();
  EXPECT_TRUE(torch::equal(codes(), expected));
  EXPECT_FALSE(run.model().is_training());
}

}  // namespace
}  // namespace autoencoder
