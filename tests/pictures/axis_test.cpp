#include "pictures/axis.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoencoder {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Le;
using ::testing::SizeIs;

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> found;
  for (const Tick& tick : axis.ticks) {
    found.push_back(tick.label);
  }
  return found;
}

std::vector<double> values(const Axis& axis) {
  std::vector<double> found;
  for (const Tick& tick : axis.ticks) {
    found.push_back(tick.value);
  }
  return found;
}

TEST(RoundStep, IsOneTwoOrFiveTimesAPowerOfTen) {
  EXPECT_DOUBLE_EQ(round_step(1), 1);
  EXPECT_DOUBLE_EQ(round_step(1.2), 2);
  EXPECT_DOUBLE_EQ(round_step(3), 5);
  EXPECT_DOUBLE_EQ(round_step(7), 10);
  EXPECT_DOUBLE_EQ(round_step(0.0031), 0.005);
  EXPECT_DOUBLE_EQ(round_step(0.1), 0.1);
  EXPECT_DOUBLE_EQ(round_step(420), 500);
}

TEST(NumberText, IsShort) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(12345), "12345");
  EXPECT_EQ(number_text(0.0085312), "0.008531");
  EXPECT_EQ(number_text(104.12), "104.1");
  EXPECT_EQ(number_text(2e-7), "2e-7");
  EXPECT_EQ(number_text(5e6), "5e6");
  EXPECT_EQ(number_text(1e20), "1e20");
}

TEST(LinearAxis, BeginsAtZeroWhereTheValuesComeNearIt) {
  const Axis axis = make_axis(0.008, 0.051, AxisScale::kLinear, 8);
  EXPECT_EQ(axis.low, 0);
  EXPECT_GT(axis.high, 0.051);
  EXPECT_THAT(labels(axis), ElementsAre("0.00", "0.01", "0.02", "0.03", "0.04", "0.05"));
}

TEST(LinearAxis, LeavesALittleRoomOtherwise) {
  const Axis axis = make_axis(100, 250, AxisScale::kLinear, 8);
  EXPECT_DOUBLE_EQ(axis.low, 94);
  EXPECT_DOUBLE_EQ(axis.high, 256);
  EXPECT_THAT(labels(axis), ElementsAre("100", "150", "200", "250"));
}

TEST(LinearAxis, TakesNegativeValues) {
  EXPECT_THAT(labels(make_axis(-1, 1, AxisScale::kLinear, 5)),
              ElementsAre("-1.0", "-0.5", "0.0", "0.5", "1.0"));
}

TEST(LinearAxis, WritesLargeAndSmallNumbersShort) {
  EXPECT_THAT(labels(make_axis(1e6, 3e6, AxisScale::kLinear, 3)), ElementsAre("1e6", "2e6", "3e6"));
  EXPECT_THAT(labels(make_axis(1e-8, 3e-8, AxisScale::kLinear, 3)), ElementsAre("1e-8", "2e-8", "3e-8"));
}

TEST(LinearAxis, IsWidenedWhereAllValuesAreEqual) {
  const Axis axis = make_axis(5, 5, AxisScale::kLinear, 5);
  EXPECT_LT(axis.low, 5);
  EXPECT_GT(axis.high, 5);
  EXPECT_DOUBLE_EQ(axis.position(5), 0.5);
  EXPECT_LT(make_axis(0, 0, AxisScale::kLinear, 5).low, make_axis(0, 0, AxisScale::kLinear, 5).high);
}

TEST(LinearAxis, StandsTheLargestNumbers) {
  const double largest = std::numeric_limits<double>::max();
  const Axis axis = make_axis(-largest, largest, AxisScale::kLinear, 5);
  EXPECT_TRUE(std::isfinite(axis.high - axis.low));
  EXPECT_THAT(axis.ticks, SizeIs(Le(6)));
}

TEST(LogarithmicAxis, HasOneTwoAndFiveInEachOfFewDecades) {
  const Axis axis = make_axis(0.01, 1, AxisScale::kLogarithmic, 8);
  EXPECT_THAT(labels(axis), ElementsAre("0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"));
  EXPECT_NEAR(axis.position(0.1), 0.5, 1e-12);
}

TEST(LogarithmicAxis, HasPowersOfTenOverManyDecades) {
  const Axis axis = make_axis(1e-6, 1e2, AxisScale::kLogarithmic, 8);
  EXPECT_THAT(labels(axis), ElementsAre("1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1", "1", "10", "100"));
}

TEST(LogarithmicAxis, LeavesOutPowersWhereTheyWouldCrowd) {
  EXPECT_THAT(make_axis(1e-30, 1e30, AxisScale::kLogarithmic, 8).ticks,
              SizeIs(::testing::AllOf(Ge(5), Le(9))));
}

TEST(WholeNumberAxis, HasTicksAtWholeNumbersOnly) {
  EXPECT_THAT(labels(make_whole_number_axis(1, 3, 12)), ElementsAre("1", "2", "3"));
  EXPECT_THAT(values(make_whole_number_axis(1, 20, 12)), ElementsAre(2, 4, 6, 8, 10, 12, 14, 16, 18, 20));
  EXPECT_THAT(labels(make_whole_number_axis(1, 200, 12)),
              ElementsAre("20", "40", "60", "80", "100", "120", "140", "160", "180", "200"));
}

TEST(WholeNumberAxis, PutsASingleNumberInTheMiddle) {
  const Axis axis = make_whole_number_axis(1, 1, 12);
  EXPECT_THAT(labels(axis), ElementsAre("1"));
  EXPECT_DOUBLE_EQ(axis.position(1), 0.5);
}

TEST(Axis, HasItsTicksWithinItsEnds) {
  for (const auto& [low, high] : {std::pair{0.3, 0.4}, {-7.0, 1234.5}, {1e-9, 1.0}, {99.99, 100.01}}) {
    const Axis axis = make_axis(low, high, AxisScale::kLinear, 8);
    EXPECT_THAT(values(axis), Each(::testing::AllOf(Ge(axis.low - 1e-9), Le(axis.high + 1e-9)))) << low;
    EXPECT_THAT(axis.ticks, SizeIs(::testing::AllOf(Ge(3), Le(9)))) << low;
  }
}

}  // namespace
}  // namespace autoencoder
