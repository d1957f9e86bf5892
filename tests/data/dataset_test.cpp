#include "data/dataset.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"

namespace autoencoder {
namespace {

torch::Tensor positions(int64_t count, int64_t most, uint64_t seed) {
  return random_positions(count, most, make_generator(seed));
}

TEST(Dataset, PositionsChosenAtRandomRiseAndAreTheSameForTheSameSeed) {
  const torch::Tensor some = positions(100, 10, 1);
  ASSERT_EQ(some.size(0), 10);
  EXPECT_TRUE((some.diff() > 0).all().item<bool>());
  EXPECT_TRUE((some >= 0).logical_and(some < 100).all().item<bool>());
  EXPECT_TRUE(torch::equal(positions(100, 10, 1), some));
  EXPECT_FALSE(torch::equal(positions(100, 10, 2), some));
}

TEST(Dataset, AllPositionsAreTakenWhereNoMoreAreAskedFor) {
  for (const int64_t most : {0, 5, 9}) {
    EXPECT_TRUE(torch::equal(positions(5, most, 1), torch::arange(5))) << most;
  }
}

TEST(Dataset, SelectedBytesAreScaledAsAllAre) {
  const torch::Tensor images = torch::randint(256, {9, 2, 3, 5}, torch::kUInt8);
  const torch::Tensor indices = torch::tensor({8, 0, 3, 3}, torch::kInt64);
  const torch::Tensor expected = to_unit_range(images).index_select(0, indices);
  EXPECT_TRUE(torch::equal(select_unit_range(images, indices), expected));
  EXPECT_TRUE(torch::equal(select_unit_range(images.to(torch::kFloat32), indices), expected * 255));
  EXPECT_TRUE(torch::equal(select_unit_range(images.transpose(2, 3), indices), expected.transpose(2, 3)));
}

TEST(Dataset, SelectingWhatIsNotThereIsRefused) {
  EXPECT_THROW(
      select_unit_range(torch::zeros({2, 1, 1, 1}, torch::kUInt8), torch::tensor({2}, torch::kInt64)),
      c10::Error);
}

}  // namespace
}  // namespace autoencoder
