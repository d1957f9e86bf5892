#include "models/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/registry.h"

namespace autoencoder {
namespace {

using ::testing::ContainsRegex;

TEST(ModelSummary, ListsLayersShapesAndParameters) {
  const auto model = make_model({{"model", "dense"}}, {1, 28, 28});
  const std::string summary = summarise(*model);
  EXPECT_THAT(summary, ContainsRegex("Flatten +784"));
  EXPECT_THAT(summary, ContainsRegex("Linear +128 +100,480"));
  EXPECT_THAT(summary, ContainsRegex("Linear +32 +4,128"));
  EXPECT_THAT(summary, ContainsRegex("Unflatten +1 x 28 x 28"));
  // 784*128+128 + 128*32+32 + 32*128+128 + 128*784+784
  EXPECT_THAT(summary, ContainsRegex("parameters +209,968"));
  EXPECT_TRUE(model->is_training());
}

TEST(ModelSummary, CountsWhatTheLayersPutOut) {
  const auto model = make_model({{"model", "dense"}, {"hidden", {16}}, {"latent-dim", 4}}, {1, 8, 8});
  // input, flattened, 16, its activation, 4; 4, 16, its activation, 64, as a picture
  EXPECT_EQ(activation_count(*model), 64 + 64 + 16 + 16 + 4 + 4 + 16 + 16 + 64 + 64);
  EXPECT_TRUE(model->is_training());
}

}  // namespace
}  // namespace autoencoder
