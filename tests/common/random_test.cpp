#include "common/random.h"

#include <set>

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

TEST(Random, SeedsDifferByPurposeIndexAndSeed) {
  std::set<uint64_t> seeds;
  for (const uint64_t seed : {0, 1, 2}) {
    for (const char* purpose : {"weights", "order", "noise", ""}) {
      for (const uint64_t index : {0, 1}) {
        seeds.insert(derive_seed(seed, purpose, index));
      }
    }
  }
  EXPECT_EQ(seeds.size(), 3 * 4 * 2);
}

TEST(Random, GeneratorsOfOneSeedAgreeAndShareNothing) {
  at::Generator first = make_generator(7);
  at::Generator second = make_generator(7);
  const torch::Tensor drawn = torch::randn({5}, first);
  torch::manual_seed(0);
  EXPECT_TRUE(torch::equal(drawn, torch::randn({5}, second)));
  EXPECT_FALSE(torch::equal(drawn, torch::randn({5}, first)));
}

}  // namespace
}  // namespace autoencoder
