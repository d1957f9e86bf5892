#include "pictures/grid_plan.h"

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

constexpr int64_t kWidth = 1560;
constexpr PixelSize kDigit{28, 28};

GridPlan plan(int64_t count, const std::vector<PixelSize>& parts, const GridStyle& style = {}) {
  return plan_grid(count, parts, style, kWidth, 0);
}

GridStyle pairs() {
  GridStyle style;
  style.layout = GridLayout::kPairs;
  return style;
}

TEST(GridPlan, EnlargesSmallPicturesOnly) {
  const auto scale = [](int64_t side) { return plan(1, {{side, side}}).parts[0].scale; };
  EXPECT_EQ(scale(8), 10);
  EXPECT_EQ(scale(28), 3);
  EXPECT_EQ(scale(64), 1);
  EXPECT_EQ(scale(512), 1);
  GridStyle style;
  style.zoom = 5;
  EXPECT_EQ(plan(1, {{512, 512}}, style).parts[0].scale, 5);
}

TEST(GridPlan, PutsRowsBelowOneAnother) {
  const GridPlan rows = plan(10, {kDigit, kDigit});
  EXPECT_EQ(rows.columns, 10);
  EXPECT_EQ(rows.bands, 1);
  EXPECT_EQ(rows.parts[0].y, 0);
  EXPECT_EQ(rows.parts[1].y, 84 + 6);
  EXPECT_EQ(rows.parts[1].x, 0);
  EXPECT_EQ(rows.size().width, 10 * 84 + 9 * 6);
  EXPECT_EQ(rows.size().height, 2 * 84 + 6);
}

TEST(GridPlan, PutsPairsSideBySide) {
  const GridPlan result = plan(3, {kDigit, kDigit}, pairs());
  EXPECT_EQ(result.parts[0].x, 0);
  EXPECT_EQ(result.parts[1].x, 84 + 6);
  EXPECT_EQ(result.parts[1].y, 0);
  EXPECT_GT(result.gap.width, 6);
}

TEST(GridPlan, WrapsIntoBandsOfEqualLength) {
  const GridPlan result = plan(36, {kDigit, kDigit});
  EXPECT_EQ(result.columns, 12);
  EXPECT_EQ(result.bands, 3);
  EXPECT_EQ(result.x_of(12), 0);
  EXPECT_EQ(result.y_of(11), 0);
  EXPECT_EQ(result.y_of(12), 2 * 84 + 6 + 20);
}

TEST(GridPlan, KeepsToTheWidthForAnyCountAndSize) {
  for (const int64_t side : {8, 28, 33, 64, 200, 512}) {
    for (const int64_t count : {1, 2, 5, 17, 100, 301}) {
      for (const auto layout : {GridLayout::kRows, GridLayout::kPairs}) {
        GridStyle style;
        style.layout = layout;
        const GridPlan result = plan(count, {{side, side}, {side, side}}, style);
        EXPECT_LE(result.size().width, kWidth) << side << " " << count;
        EXPECT_GE(result.columns * result.bands, count);
        EXPECT_LT(result.columns * (result.bands - 1), count);
      }
    }
  }
}

TEST(GridPlan, DrawsAtLeastOneColumnHoweverWide) { EXPECT_EQ(plan(3, {{5000, 20}, {5000, 20}}).columns, 1); }

TEST(GridPlan, OnePartAloneMakesASquare) {
  EXPECT_EQ(plan(64, {kDigit}).columns, 8);
  EXPECT_EQ(plan(64, {kDigit}).bands, 8);
  EXPECT_EQ(plan(10, {kDigit}).columns, 5);
  EXPECT_EQ(plan(7, {kDigit}, pairs()).columns, 4);
}

TEST(GridPlan, TakesTheColumnsThatAreAskedFor) {
  GridStyle style;
  style.columns = 40;
  EXPECT_EQ(plan(100, {kDigit, kDigit}, style).columns, 40);
  EXPECT_EQ(plan(100, {kDigit, kDigit}, style).bands, 3);
  EXPECT_EQ(plan(5, {kDigit, kDigit}, style).columns, 5);
}

TEST(GridPlan, EnlargesSmallerPartsByWholeFactorsInTheMiddle) {
  const GridPlan rows = plan(4, {kDigit, {8, 4}, kDigit});
  EXPECT_EQ(rows.parts[1].scale, 10);
  EXPECT_EQ(rows.parts[1].x, 2);
  EXPECT_EQ(rows.parts[1].y, 84 + 6);
  EXPECT_EQ(rows.parts[2].y, 84 + 6 + 40 + 6);

  const GridPlan side_by_side = plan(4, {kDigit, {8, 4}, kDigit}, pairs());
  EXPECT_EQ(side_by_side.parts[1].y, 22);
  EXPECT_EQ(side_by_side.parts[2].x, 84 + 6 + 80 + 6);
}

TEST(GridPlan, MakesRoomForCaptionsBesideLowRows) {
  GridStyle style;
  style.zoom = 1;
  const GridPlan result = plan_grid(2, {{8, 8}, {8, 8}}, style, kWidth, 18);
  EXPECT_EQ(result.parts[0].y, 5);
  EXPECT_EQ(result.parts[1].y, 18 + 6 + 5);
}

}  // namespace
}  // namespace autoencoder
