#include "evaluation/regions.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

torch::Tensor mask_of(const std::vector<std::string>& rows) {
  torch::Tensor mask = torch::zeros({std::ssize(rows), std::ssize(rows.front())}, torch::kUInt8);
  for (int64_t y = 0; y < mask.size(0); ++y) {
    for (int64_t x = 0; x < mask.size(1); ++x) {
      mask[y][x] = rows[static_cast<size_t>(y)][static_cast<size_t>(x)] == '#' ? 255 : 0;
    }
  }
  return mask;
}

TEST(Regions, AreNumberedInTheOrderOfTheirFirstPixels) {
  const Regions regions = connected_regions(mask_of({"##..#",  //
                                                     "#...#",  //
                                                     "..#.."}));
  EXPECT_EQ(regions.count, 3);
  EXPECT_TRUE(torch::equal(regions.numbers,
                           torch::tensor({1, 1, 0, 0, 2, 1, 0, 0, 0, 2, 0, 0, 3, 0, 0}).view({3, 5})));
}

TEST(Regions, HoldTogetherByACorner) {
  EXPECT_EQ(connected_regions(mask_of({"#..", ".#.", "#.#"})).count, 1);
  EXPECT_EQ(connected_regions(mask_of({"#.#.#", ".....", "#.#.#"})).count, 6);
}

TEST(Regions, WindAsTheyLike) {
  EXPECT_EQ(connected_regions(mask_of({"#######",  //
                                       "#.....#",  //
                                       "#.###.#",  //
                                       "#.#...#",  //
                                       "#.#####"}))
                .count,
            1);
}

TEST(Regions, OfNothingAndOfEverything) {
  EXPECT_EQ(connected_regions(torch::zeros({4, 6}, torch::kUInt8)).count, 0);
  const Regions whole = connected_regions(torch::ones({300, 200}, torch::kUInt8));
  EXPECT_EQ(whole.count, 1);
  EXPECT_EQ(whole.numbers.sum().item<int64_t>(), 300 * 200);
}

}  // namespace
}  // namespace autoencoder
