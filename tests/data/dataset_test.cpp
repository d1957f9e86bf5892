#include "data/dataset.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

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

}  // namespace
}  // namespace autoencoder
