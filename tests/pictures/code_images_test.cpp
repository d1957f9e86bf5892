#include <gtest/gtest.h>
#include <torch/types.h>

#include "pictures/grid.h"
#include "pictures/near_square.h"

namespace autoencoder {
namespace {

TEST(NearSquare, FillsARectangleWhereItCan) {
  for (const auto& [count, rows, columns] : {std::tuple{1, 1, 1},
                                             {2, 1, 2},
                                             {3, 1, 3},
                                             {7, 2, 4},
                                             {10, 2, 5},
                                             {11, 3, 4},
                                             {32, 4, 8},
                                             {64, 8, 8},
                                             {128, 8, 16}}) {
    EXPECT_EQ(near_square(count).rows, rows) << count;
    EXPECT_EQ(near_square(count).columns, columns) << count;
  }
  EXPECT_EQ(near_square(0).columns, 0);
}

TEST(NearSquare, HoldsEveryCount) {
  for (int64_t count = 1; count < 600; ++count) {
    const auto [rows, columns] = near_square(count);
    EXPECT_GE(rows * columns, count);
    EXPECT_LT((rows - 1) * columns, count);
    EXPECT_LE(rows, columns);
    EXPECT_LE(columns, 3 * rows);
  }
}

TEST(BandsOf, OtherChannelsThanGreyAndRgbLieOneBelowTheOther) {
  const torch::Tensor images = torch::rand({2, 5, 3, 4});
  const torch::Tensor bands = bands_of(images);
  EXPECT_EQ(bands.sizes(), torch::IntArrayRef({2, 1, 15, 4}));
  EXPECT_TRUE(torch::equal(bands[1][0].slice(0, 6, 9), images[1][2]));
  for (const int64_t channels : {1, 3}) {
    EXPECT_TRUE(torch::equal(bands_of(images.narrow(1, 0, channels)), images.narrow(1, 0, channels)));
  }
}

TEST(CodesAsImages, ScalesByTheLargestValueWithZeroInTheMiddle) {
  const torch::Tensor images = codes_as_images(torch::tensor({{0.0, 4.0}, {-8.0, 2.0}}));
  EXPECT_EQ(images.sizes(), torch::IntArrayRef({2, 1, 1, 2}));
  EXPECT_TRUE(torch::allclose(images.flatten(), torch::tensor({0.5, 0.75, 0.0, 0.625})));
}

TEST(CodesAsImages, PadsWithBlack) {
  const torch::Tensor images = codes_as_images(torch::ones({1, 7}));
  EXPECT_EQ(images.sizes(), torch::IntArrayRef({1, 1, 2, 4}));
  EXPECT_TRUE(torch::equal(images.flatten(), torch::tensor({1.F, 1.F, 1.F, 1.F, 1.F, 1.F, 1.F, 0.F})));
}

TEST(CodesAsImages, CodesOfZeroAreGrey) {
  EXPECT_TRUE(torch::equal(codes_as_images(torch::zeros({3, 4})), torch::full({3, 1, 2, 2}, 0.5)));
}

TEST(CodesAsImages, NoCodesAreNoImages) {
  EXPECT_EQ(codes_as_images(torch::zeros({0, 32})).sizes(), torch::IntArrayRef({0, 1, 4, 8}));
}

TEST(CodesAsImages, LeavesTheCodesAlone) {
  const torch::Tensor codes = torch::tensor({{1.0, -2.0}}, torch::requires_grad());
  EXPECT_FALSE(codes_as_images(codes).requires_grad());
  EXPECT_TRUE(torch::equal(codes, torch::tensor({{1.0, -2.0}})));
  EXPECT_THROW(codes_as_images(torch::zeros({3})), c10::Error);
}

TEST(SheetOf, LaysPicturesRowByRowAndLeavesTheRestBlack) {
  const torch::Tensor images = torch::arange(1, 13, torch::kFloat32).view({3, 2, 1, 2});
  const torch::Tensor sheet = sheet_of(images, 2);
  ASSERT_EQ(sheet.sizes(), (std::vector<int64_t>{2, 2, 4}));
  EXPECT_TRUE(torch::equal(sheet[0], torch::tensor({{1.f, 2.f, 5.f, 6.f}, {9.f, 10.f, 0.f, 0.f}})));
  EXPECT_TRUE(torch::equal(sheet[1], torch::tensor({{3.f, 4.f, 7.f, 8.f}, {11.f, 12.f, 0.f, 0.f}})));
}

}  // namespace
}  // namespace autoencoder
