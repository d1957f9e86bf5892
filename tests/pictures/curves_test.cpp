#include "pictures/curves.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include "tests/pictures/page.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::Page;

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr Colour kFirst{0, 114, 178};
constexpr Colour kSecond{213, 94, 0};
constexpr int kWideEnough = 300;  // more pixels of the axes' colour in a line than any letter has

ChartCurve curve(const std::string& name, const std::vector<double>& y) {
  ChartCurve result{name, std::vector<double>(y.size()), y};
  std::iota(result.x.begin(), result.x.end(), 1.0);
  return result;
}

ChartCurve falling(const std::string& name, int count, double from, double to) {
  std::vector<double> y;
  for (int i = 0; i < count; ++i) {
    y.push_back(from + (to - from) * i / std::max(1, count - 1));
  }
  return curve(name, y);
}

class CurvesTest : public ::testing::Test {
 protected:
  Page draw(const std::vector<ChartCurve>& curves, const ChartText& text = {"Loss", "epoch", "mse"}) const {
    write_chart(folder_ / "chart.png", curves, text);
    return Page(folder_ / "chart.png");
  }

  /// What the axes enclose.
  static cv::Rect plot_of(const Page& page) {
    cv::Rect plot(-1, -1, 0, 0);
    for (int x = 0; x < page.width() && plot.x < 0; ++x) {
      if (page.count(kRule, {x, 0, 1, page.height()}) > kWideEnough) {
        plot.x = x;
        plot.y = page.region(kRule, {x, 0, 1, page.height()}).y;
      }
    }
    for (int y = 0; y < page.height(); ++y) {
      const cv::Rect line(0, y, page.width(), 1);
      if (page.count(kRule, line) > kWideEnough) {
        plot.height = y - plot.y;
        plot.width = page.region(kRule, line).br().x - plot.x;
      }
    }
    return plot;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(CurvesTest, DrawsAxesAndWordsWithRoomAround) {
  const Page page = draw({falling("train", 20, 0.05, 0.01), falling("validation", 20, 0.04, 0.015)});
  const cv::Rect plot = plot_of(page);
  EXPECT_GT(plot.width, 700);
  EXPECT_GT(plot.height, kWideEnough);
  EXPECT_GT(page.ink({0, 0, page.width(), plot.y - 40}), 50) << "title";
  EXPECT_GT(page.ink({0, plot.y, plot.x, plot.height}), 50) << "values beside the y axis";
  EXPECT_GT(page.ink({plot.x, plot.br().y + 8, plot.width, 20}), 50) << "values below the x axis";
  EXPECT_GT(page.ink({plot.x, plot.br().y + 30, plot.width, 25}), 20) << "name of the x axis";
  EXPECT_TRUE(page.has_white_border(15));
}

TEST_F(CurvesTest, HighValuesLieHigh) {
  const Page page = draw({falling("train", 60, 2, 1), falling("validation", 60, 1, 2)});
  const cv::Rect plot = plot_of(page);
  const cv::Rect left(plot.x + 1, plot.y, plot.width / 3, plot.height);
  const cv::Rect right(plot.br().x - plot.width / 3, plot.y, plot.width / 3, plot.height);
  EXPECT_LT(page.region(kFirst, left).br().y, page.region(kFirst, right).y);
  EXPECT_GT(page.region(kSecond, left).y, page.region(kSecond, right).br().y);
}

TEST_F(CurvesTest, TheLegendNamesEachCurveAboveThePlot) {
  const Page page = draw({falling("train", 60, 2, 1), falling("validation", 60, 3, 2)});
  const cv::Rect plot = plot_of(page);
  const cv::Rect above(0, 0, page.width(), plot.y - 2);
  const cv::Rect first = page.region(kFirst, above);
  const cv::Rect second = page.region(kSecond, above);
  EXPECT_GT(first.width, 15);
  EXPECT_GT(second.width, 15);
  EXPECT_GT(page.ink({first.br().x, first.y - 6, second.x - first.br().x, 14}), 20) << "its name";
}

TEST_F(CurvesTest, ALegendOfManyNamesTakesMoreRows) {
  std::vector<ChartCurve> curves;
  for (int i = 0; i < 12; ++i) {
    curves.push_back(falling("reconstruction term " + std::to_string(i), 5, i + 2, i + 1));
  }
  const Page page = draw(curves);
  EXPECT_GT(page.height(), draw({curves[0]}).height());
  EXPECT_TRUE(page.has_white_border(15));
}

TEST_F(CurvesTest, ALongTitleTakesMoreLines) {
  std::string title = "a title";
  for (int i = 0; i < 20; ++i) {
    title += " that goes on";
  }
  const Page page = draw({falling("train", 5, 2, 1)}, {title, "epoch", "mse"});
  EXPECT_GT(page.height(), draw({falling("train", 5, 2, 1)}).height());
  EXPECT_TRUE(page.has_white_border(15));
}

TEST_F(CurvesTest, OnePointIsADot) {
  const Page page = draw({curve("train", {0.3}), curve("validation", {0.2})});
  const cv::Rect plot = plot_of(page);
  const cv::Rect dot = page.region(kFirst, plot);
  EXPECT_NEAR(dot.width, 7, 2);
  EXPECT_NEAR(dot.height, 7, 2);
  EXPECT_NEAR(dot.x + dot.width / 2.0, plot.x + plot.width / 2.0, 2);
}

/// How many columns between the curve's ends show nothing of it.
int missing_columns(const Page& page, Colour colour, const cv::Rect& plot) {
  const cv::Rect seen = page.region(colour, plot);
  int missing = 0;
  for (int x = seen.x; x < seen.br().x; ++x) {
    missing += page.count(colour, {x, plot.y, 1, plot.height}) == 0 ? 1 : 0;
  }
  return missing;
}

TEST_F(CurvesTest, ValuesThatAreNotFiniteLeaveAGap) {
  const ChartCurve whole = curve("train", {5, 5, 5, 5, 5, 5, 5, 5, 5});
  ChartCurve broken = whole;
  broken.y[4] = kNothing;
  broken.y[5] = std::numeric_limits<double>::infinity();
  const ChartCurve other = curve("validation", {1, 1, 1, 1, 1, 1, 1, 1, 1});
  const Page without = draw({whole, other});
  EXPECT_EQ(missing_columns(without, kFirst, plot_of(without)), 0);
  const Page with = draw({broken, other});
  EXPECT_NEAR(missing_columns(with, kFirst, plot_of(with)), 3 * plot_of(with).width / 8.6, 20);
}

TEST_F(CurvesTest, APointBetweenGapsIsADot) {
  const Page page =
      draw({curve("train", {kNothing, 5, kNothing, kNothing}), curve("validation", {1, 1, 1, 1})});
  EXPECT_NEAR(page.region(kFirst, plot_of(page)).width, 7, 2);
}

/// The height of the middle of what is seen of a colour around a place along the x axis, 0 (bottom) to 1
/// (top).
double height_at(const Page& page, Colour colour, const cv::Rect& plot, double along) {
  const cv::Rect seen = page.region(colour, plot);
  const int x = seen.x + static_cast<int>(along * (seen.width - 1));
  const cv::Rect there = page.region(colour, {x, plot.y, 1, plot.height});
  return (plot.br().y - there.y - there.height / 2.0) / plot.height;
}

TEST_F(CurvesTest, TheScaleIsLogarithmicFromAFactorOfFiftyOn) {
  const ChartCurve low = curve("low", {1, 1, 1});
  const Page wide = draw({curve("train", {10000, 100, 1}), low});
  EXPECT_NEAR(height_at(wide, kFirst, plot_of(wide), 0.5), 0.5, 0.03);
  const Page narrow = draw({curve("train", {49, 7, 1}), low});
  EXPECT_NEAR(height_at(narrow, kFirst, plot_of(narrow), 0.5), 7 / 51.0, 0.03);
  const Page negative = draw({curve("train", {100, 0, -100}), curve("low", {-100, -100, -100})});
  EXPECT_NEAR(height_at(negative, kFirst, plot_of(negative), 0.5), 0.5, 0.03);
}

TEST_F(CurvesTest, TheBestPointOfTheLastCurveIsMarked) {
  std::vector<double> y(60, 2);
  y[14] = 1.9;
  const Page page = draw({curve("train", std::vector<double>(60, 3)), curve("validation", y)});
  const cv::Rect plot = plot_of(page);
  // The marker is a ring: white between the rim and the point.
  const int best = plot.x + static_cast<int>(plot.width * (14 + 0.04 * 59) / (1.08 * 59));
  const cv::Rect point = page.region(kSecond, {best - 3, plot.y, 7, plot.height});
  EXPECT_GE(page.count(kSecond, {best - 8, point.br().y - 14, 17, 14}), 60);
  EXPECT_GT(page.ink({plot.x + 1, plot.y + plot.height / 3, plot.width - 1, plot.height / 2}), 50)
      << "its value";
  EXPECT_EQ(page.ink({best + 200, plot.y + plot.height / 3, plot.width / 3, plot.height / 2}), 0)
      << "only there";
}

TEST_F(CurvesTest, NothingToDrawLeavesTheAxes) {
  EXPECT_GT(plot_of(draw({})).width, 700);
  const Page page = draw({curve("train", {kNothing, kNothing}), ChartCurve{"validation", {}, {}}});
  EXPECT_GT(plot_of(page).width, 700);
  EXPECT_EQ(page.count(kFirst, plot_of(page)), 0);
}

TEST_F(CurvesTest, EqualValuesLieInTheMiddle) {
  const Page page = draw({curve("train", {3, 3, 3}), ChartCurve{"validation", {}, {}}});
  EXPECT_NEAR(height_at(page, kFirst, plot_of(page), 0.25), 0.5, 0.02);
}

TEST_F(CurvesTest, RefusesCurvesWithoutAValueForEachX) {
  EXPECT_THROW(draw({ChartCurve{"train", {1, 2}, {1}}}), c10::Error);
}

}  // namespace
}  // namespace autoencoder
