#include "evaluation/gaussian_filter.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

TEST(GaussianFilter, LeavesWhatIsTheSameEverywhere) {
  const torch::Tensor even = torch::full({2, 3, 5, 9}, 0.7, torch::kFloat64);
  EXPECT_TRUE(torch::allclose(gaussian_filter(even, 2, 6), even, 0, 1e-12));
}

// One pixel to each side weighs w = exp(-1 / 2) of the one in the middle.
TEST(GaussianFilter, WeighsByTheDistanceAndCutsTheWindowAtTheBorders) {
  const torch::Tensor dot = torch::tensor({0.0, 0.0, 1.0, 0.0, 0.0, 2.0}, torch::kFloat64).view({1, 1, 1, 6});
  const double w = std::exp(-0.5);
  const double all = 1 + 2 * w;
  const torch::Tensor expected =
      torch::tensor({0.0, w / all, 1 / all, w / all, 2 * w / all, 2 / (1 + w)}, torch::kFloat64);
  EXPECT_TRUE(torch::allclose(gaussian_filter(dot, 1, 1).flatten(), expected, 0, 1e-12));
  const torch::Tensor upright = dot.transpose(2, 3);
  EXPECT_TRUE(torch::allclose(gaussian_filter(upright, 1, 1).flatten(), expected, 0, 1e-12));
}

TEST(GaussianFilter, GoesBothWaysAndKeepsTypeAndShape) {
  torch::Tensor dot = torch::zeros({1, 2, 9, 9});
  dot[0][1][4][4] = 1;
  const torch::Tensor spread = gaussian_filter(dot, 1, 2);
  EXPECT_EQ(spread.scalar_type(), torch::kFloat32);
  EXPECT_EQ(spread.sizes(), dot.sizes());
  EXPECT_NEAR(spread[0][1].sum().item<double>(), 1, 1e-6);
  EXPECT_NEAR((spread[0][1][5][5] / spread[0][1][4][4]).item<double>(), std::exp(-1), 1e-6);
  EXPECT_EQ(spread[0][0].sum().item<double>(), 0);
}

}  // namespace
}  // namespace autoencoder
