#include "evaluation/tiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;

torch::Tensor as_it_is(const torch::Tensor& tiles) { return tiles; }

torch::Tensor tiled(const torch::Tensor& picture, int64_t stride,
                    const std::function<torch::Tensor(const torch::Tensor&)>& compute) {
  return by_tiles(picture, 8, 12, stride, torch::kCPU, compute);
}

TEST(Tiles, CoverASideToItsEnd) {
  EXPECT_THAT(tile_starts(20, 8, 4), ElementsAre(0, 4, 8, 12));
  EXPECT_THAT(tile_starts(21, 8, 4), ElementsAre(0, 4, 8, 12, 13));
  EXPECT_THAT(tile_starts(9, 8, 8), ElementsAre(0, 1));
  EXPECT_THAT(tile_starts(8, 8, 3), ElementsAre(0));
}

TEST(Tiles, GiveThePictureBackWhereNothingIsDoneToThem) {
  for (const auto& [height, width] : {std::pair(8, 12), {40, 31}, {9, 100}}) {
    const torch::Tensor picture = torch::rand({3, height, width});
    for (const int64_t stride : {1, 5, 8}) {
      EXPECT_TRUE(torch::allclose(tiled(picture, stride, as_it_is), picture, 0, 1e-6))
          << height << " " << stride;
    }
  }
}

TEST(Tiles, AreOfTheSizeAskedForAndFewAtATime) {
  int64_t count = 0;
  tiled(torch::rand({3, 100, 100}), 4, [&](const torch::Tensor& tiles) {
    EXPECT_EQ(tiles.sizes().slice(1).vec(), (std::vector<int64_t>{3, 8, 12}));
    EXPECT_LE(tiles.size(0), 16);
    count += tiles.size(0);
    return tiles.narrow(1, 0, 1);
  });
  EXPECT_EQ(count, 24 * 23);
}

// Tiles of another level each: along a line across the picture no step is larger than the slope of the
// weights makes it.
TEST(Tiles, LeaveNoSeam) {
  int64_t number = 0;
  const torch::Tensor levels = tiled(torch::zeros({1, 8, 60}), 6, [&](const torch::Tensor& tiles) {
    torch::Tensor computed = tiles.clone();
    for (int64_t i = 0; i < tiles.size(0); ++i) {
      computed[i].fill_(static_cast<double>(number++ % 2));
    }
    return computed;
  });
  EXPECT_NEAR(levels.min().item<double>(), 0, 0.2);
  EXPECT_GT(levels.max().item<double>(), 0.8);
  EXPECT_LT(levels.diff(1, -1).abs().max().item<double>(), 0.2);
}

TEST(Tiles, AreNotLargerThanThePictureNorHaveGaps) {
  EXPECT_THAT(error_of([] {
                tiled(torch::rand({1, 8, 11}), 4, as_it_is);
              }),
              HasSubstr("the picture has 11 x 8 pixels, less than a tile, which has 12 x 8"));
  EXPECT_THAT(error_of([] { tiled(torch::rand({1, 20, 20}), 9, as_it_is); }), HasSubstr("give 1 to 8"));
}

}  // namespace
}  // namespace autoencoder
