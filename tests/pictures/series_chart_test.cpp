#include "pictures/series_chart.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/pictures/page.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::Page;
using testing::TemporaryFolder;

constexpr Colour kFirstLine{0, 114, 178};
constexpr Colour kSecondLine{230, 159, 0};
constexpr Colour kLabelled{120, 40, 140};
constexpr Colour kLevel{213, 94, 0};
constexpr int kSheetHead = 80;  // title and legend end above it

ChartCurve flat(const std::string& name, double height, int steps = 100) {
  ChartCurve curve{name, std::vector<double>(steps), std::vector<double>(steps, height)};
  std::iota(curve.x.begin(), curve.x.end(), 0.0);
  return curve;
}

class SeriesChart : public ::testing::Test {
 protected:
  Page draw(const std::vector<SeriesPanel>& panels, int columns = 1) const {
    write_series(folder_ / "series.png", panels, {.title = "series", .columns = columns});
    return Page(folder_ / "series.png");
  }

  // Of a colour below the legend.
  static cv::Rect drawn(const Page& page, Colour colour) {
    return page.region(colour, {0, kSheetHead, page.width(), page.height() - kSheetHead});
  }

  TemporaryFolder folder_;
};

TEST_F(SeriesChart, LinesLieOverEachOtherInTheOrderOfTheirHeights) {
  const Page page = draw({{"pump", {flat("original", 1), flat("reconstruction", 2)}}});
  EXPECT_GT(drawn(page, kFirstLine).y, drawn(page, kSecondLine).y);
  EXPECT_GT(drawn(page, kFirstLine).width, page.width() / 2);
}

TEST_F(SeriesChart, ALabelledAnomalyIsMarkedWhereItsStepsAre) {
  SeriesPanel panel = {"pump", {flat("original", 1)}};
  panel.marked = {{50, 59}};
  const Page page = draw({panel});
  const cv::Rect line = drawn(page, kFirstLine);
  const cv::Rect mark = drawn(page, kLabelled);
  EXPECT_NEAR(mark.x, line.x + line.width * 0.5, 10);
  EXPECT_NEAR(mark.width, line.width * 0.1, 6);
}

TEST_F(SeriesChart, WhatIsCalledAnAnomalyIsShadedFromEdgeToEdge) {
  SeriesPanel panel = {"pump", {flat("original", 1)}};
  const Page plain = draw({panel});
  panel.shaded = {{50, 59}};
  const Page shaded = draw({panel});
  const cv::Rect line = drawn(plain, kFirstLine);
  const cv::Rect above(line.x + line.width * 52 / 100, line.y - 30, line.width * 6 / 100, 20);
  const cv::Rect beside(line.x + line.width * 70 / 100, line.y - 30, line.width * 6 / 100, 20);
  EXPECT_EQ(plain.count(kPaper, above), above.area());
  EXPECT_EQ(shaded.count(kPaper, above), 0);
  EXPECT_EQ(shaded.count(kPaper, beside), beside.area());
}

TEST_F(SeriesChart, AStepThatIsMissingLeavesAGap) {
  ChartCurve curve = flat("original", 1);
  for (int step = 40; step < 60; ++step) {
    curve.y[step] = std::numeric_limits<double>::quiet_NaN();
  }
  const Page page = draw({{"pump", {curve}}});
  const cv::Rect line = drawn(page, kFirstLine);
  const cv::Rect middle(line.x + line.width * 45 / 100, line.y, line.width / 10, line.height);
  EXPECT_EQ(page.count(kFirstLine, middle), 0);
}

TEST_F(SeriesChart, AThresholdIsALineAcrossThatThePanelHasRoomFor) {
  SeriesPanel panel = {"score", {flat("score", 1)}};
  panel.level = 5;
  const Page page = draw({panel});
  EXPECT_LT(drawn(page, kLevel).y, drawn(page, kFirstLine).y);
}

TEST_F(SeriesChart, PanelsStandSideBySideAndThenBelow) {
  const SeriesPanel panel = {"pump", {flat("original", 1)}};
  const Page two = draw({panel, panel}, 2);
  const Page three = draw({panel, panel, panel}, 2);
  EXPECT_EQ(two.width(), three.width());
  EXPECT_EQ(draw({panel}, 2).height(), two.height());
  EXPECT_GT(three.height(), two.height() + 100);
}

}  // namespace
}  // namespace autoencoder
