#include "tasks/training_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/registry.h"

namespace autoencoder {
namespace {

// 64 - 4 - 64: 64*4+4 + 4*64+64 weights; what the layers put out: 64 twice, 4; 4, 64 twice.
constexpr int64_t kWeights = 580;
constexpr int64_t kOutputs = 264;

TEST(TrainingMemory, IsThatOfWeightsOutputsAndData) {
  const auto model =
      make_model({{"model", "dense"}, {"hidden", Json::array()}, {"latent-dim", 4}}, {1, 8, 8});
  TrainerOptions options;
  options.batch_size = 10;
  const TrainingMemory memory = training_memory(*model, options, 1000);
  EXPECT_EQ(memory.weights, 4 * kWeights * 4);
  EXPECT_EQ(memory.activations, 4 * kOutputs * 10 * 2);
  EXPECT_EQ(memory.total(), memory.weights + memory.activations + 1000);
  options.optimizer.optimizer = OptimizerKind::kSgd;
  EXPECT_EQ(training_memory(*model, options, 0).weights, 4 * kWeights * 3);
}

TEST(TrainingMemory, SaysWhatItIsMadeOf) {
  const std::string text =
      memory_text({.weights = 1 << 20, .activations = 2 << 20, .data = 0, .batch_size = 32});
  EXPECT_THAT(text, ::testing::HasSubstr("in batches of 32: about 3.0 MiB"));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("data")));
}

}  // namespace
}  // namespace autoencoder
