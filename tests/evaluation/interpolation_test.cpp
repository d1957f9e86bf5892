#include "evaluation/interpolation.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

TEST(CodeWalk, AStraightOneGoesInEqualSteps) {
  const torch::Tensor walk =
      linear_interpolation(torch::tensor({0.0F, 2.0F}), torch::tensor({4.0F, 0.0F}), 3);
  EXPECT_TRUE(torch::allclose(walk, torch::tensor({{0.0F, 2.0F}, {2.0F, 1.0F}, {4.0F, 0.0F}})));
}

TEST(CodeWalk, ASphericalOneKeepsToTheSphere) {
  const torch::Tensor walk =
      spherical_interpolation(torch::tensor({1.0F, 0.0F}), torch::tensor({0.0F, 1.0F}), 3);
  const float half = std::sqrt(0.5F);
  EXPECT_TRUE(torch::allclose(walk, torch::tensor({{1.0F, 0.0F}, {half, half}, {0.0F, 1.0F}}), 1e-5, 1e-6));
}

TEST(CodeWalk, TheLengthGoesOverFromOneToTheOther) {
  const torch::Tensor walk =
      spherical_interpolation(torch::tensor({1.0F, 0.0F}), torch::tensor({0.0F, 3.0F}), 3);
  EXPECT_TRUE(torch::allclose(walk.norm(2, 1), torch::tensor({1.0F, 2.0F, 3.0F})));
}

TEST(CodeWalk, CodesOfOneDirectionAndNoneAreWalkedStraight) {
  const torch::Tensor code = torch::tensor({1.0F, 1.0F});
  EXPECT_TRUE(
      torch::allclose(spherical_interpolation(code, 2 * code, 2), linear_interpolation(code, 2 * code, 2)));
  EXPECT_TRUE(spherical_interpolation(code, 0 * code, 3).isfinite().all().item<bool>());
}

TEST(CodeWalk, AlongADimensionTheOthersStay) {
  const torch::Tensor walk = traversal(torch::tensor({5.0F, 6.0F}), 1, -1, 1, 3);
  EXPECT_TRUE(torch::equal(walk, torch::tensor({{5.0F, -1.0F}, {5.0F, 0.0F}, {5.0F, 1.0F}})));
}

TEST(CodeWalk, ALatticeGoesRowByRowFromTheUpperLeft) {
  const torch::Tensor codes = lattice(torch::tensor({0.0F, 10.0F}), torch::tensor({1.0F, 20.0F}), 2);
  EXPECT_TRUE(
      torch::equal(codes, torch::tensor({{0.0F, 20.0F}, {1.0F, 20.0F}, {0.0F, 10.0F}, {1.0F, 10.0F}})));
}

}  // namespace
}  // namespace autoencoder
