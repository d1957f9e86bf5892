#include "data/defects.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"

namespace autoencoder {
namespace {

torch::Tensor noise_pictures(int64_t count, int64_t channels = 3, int64_t height = 32, int64_t width = 40) {
  return torch::rand({count, channels, height, width}, make_generator(5));
}

torch::Tensor damaged(const torch::Tensor& pictures, double mean_count, uint64_t seed = 1) {
  return with_defects(pictures, mean_count, make_generator(seed));
}

// Which pixels are no longer as they were: N x 1 x H x W.
torch::Tensor changed(const torch::Tensor& before, const torch::Tensor& after) {
  return (before != after).any(1, /*keepdim=*/true);
}

double share_of(const torch::Tensor& which) { return which.to(torch::kFloat64).mean().item<double>(); }

TEST(Defects, AreSmallAndLeaveTheRestAsItIs) {
  const torch::Tensor pictures = noise_pictures(200);
  const torch::Tensor after = damaged(pictures, 2);
  const torch::Tensor pixels = changed(pictures, after).flatten(1).to(torch::kFloat64).mean(1);
  EXPECT_GT(pixels.mean().item<double>(), 0.01);
  EXPECT_LT(pixels.mean().item<double>(), 0.1);
  EXPECT_LT(pixels.max().item<double>(), 0.4);
  EXPECT_GE(after.min().item<float>(), 0);
  EXPECT_LE(after.max().item<float>(), 1);
}

// Each of twice as many is there with a chance of 1/2: none of two in a quarter of the pictures, of six in
// 1/64.
TEST(Defects, AreOfRandomNumber) {
  const torch::Tensor pictures = noise_pictures(600);
  const auto untouched = [&](double mean_count) {
    return share_of(changed(pictures, damaged(pictures, mean_count)).flatten(1).any(1).logical_not());
  };
  EXPECT_NEAR(untouched(1), 0.25, 0.06);
  EXPECT_NEAR(untouched(3), 1.0 / 64, 0.02);
  EXPECT_NEAR(untouched(0.25), 0.75, 0.06);
}

TEST(Defects, LieAnywhere) {
  const torch::Tensor pictures = noise_pictures(800);
  const torch::Tensor often = changed(pictures, damaged(pictures, 3)).to(torch::kFloat64).mean(0)[0];
  for (const torch::Tensor& part :
       {often.narrow(0, 0, 8), often.narrow(0, 24, 8), often.narrow(1, 0, 8), often.narrow(1, 32, 8)}) {
    EXPECT_NEAR(part.mean().item<double>() / often.mean().item<double>(), 0.85, 0.35);
  }
}

// What is pasted comes from the others: in black pictures among white ones there is white.
TEST(Defects, HoldPiecesOfOtherPictures) {
  const torch::Tensor is_white = torch::rand({200}, make_generator(2)) < 0.5;
  const torch::Tensor pictures =
      is_white.to(torch::kFloat32).view({200, 1, 1, 1}).expand({200, 1, 32, 32}).contiguous();
  const torch::Tensor black = damaged(pictures, 4).index_select(0, (is_white == 0).nonzero().flatten());
  EXPECT_GT(share_of((black == 1).flatten(1).any(1)), 0.2);
  EXPECT_GT(share_of((black.gt(0).logical_and(black.lt(1))).flatten(1).any(1)), 0.3) << "colours";
}

TEST(Defects, AreTheSameForOneSeedAndOthersForAnother) {
  const torch::Tensor pictures = noise_pictures(8);
  EXPECT_TRUE(torch::equal(damaged(pictures, 2, 1), damaged(pictures, 2, 1)));
  EXPECT_FALSE(torch::equal(damaged(pictures, 2, 1), damaged(pictures, 2, 2)));
  const at::Generator rng = make_generator(1);
  EXPECT_FALSE(torch::equal(with_defects(pictures, 2, rng), with_defects(pictures, 2, rng)));
}

TEST(Defects, OfPicturesOfAnySizeAndNumber) {
  for (const auto& [count, channels, height, width] :
       {std::tuple(1, 3, 32, 32), {1, 1, 8, 8}, {3, 2, 9, 31}, {2, 1, 28, 28}}) {
    const torch::Tensor pictures = noise_pictures(count, channels, height, width);
    const torch::Tensor after = damaged(pictures, 10);
    EXPECT_EQ(after.sizes(), pictures.sizes());
    EXPECT_FALSE(torch::equal(after, pictures));
    EXPECT_TRUE(after.isfinite().all().item<bool>());
  }
}

}  // namespace
}  // namespace autoencoder
