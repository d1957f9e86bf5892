#include "pictures/canvas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pictures/page.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using testing::Page;

constexpr Colour kRed{255, 0, 0};
constexpr TextStyle kText{};

class CanvasTest : public ::testing::Test {
 protected:
  Page page_of(const Canvas& canvas) const {
    canvas.save(folder_ / "page.png");
    return Page(folder_ / "page.png");
  }

  /// Where text stands on a page of 300 x 60 when it is drawn at (150, 30).
  cv::Rect place_of(const std::string& text, TextStyle style) const {
    Canvas canvas(300, 60);
    canvas.draw_text(text, {150, 30}, style);
    const Page page = page_of(canvas);
    cv::Rect place;
    for (int y = 0; y < page.height(); ++y) {
      for (int x = 0; x < page.width(); ++x) {
        if (page.ink({x, y, 1, 1}) > 0) {
          place = place.empty() ? cv::Rect(x, y, 1, 1) : place | cv::Rect(x, y, 1, 1);
        }
      }
    }
    return place;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(CanvasTest, TextStandsWhereItsAlignmentSays) {
  TextStyle style = kText;
  EXPECT_NEAR(place_of("HHHH", style).x, 150, 2);
  style.align = Align::kRight;
  EXPECT_NEAR(place_of("HHHH", style).br().x, 150, 2);
  style.align = Align::kCentre;
  const cv::Rect centred = place_of("HHHH", style);
  EXPECT_NEAR(centred.x + centred.width / 2.0, 150, 1.5);
  EXPECT_NEAR(centred.y + centred.height / 2.0, 30, 1.5);
}

TEST_F(CanvasTest, TextIsAsLargeAsItsStyleSays) {
  TextStyle style = kText;
  style.height = 20;
  style.stroke = 2;
  const cv::Rect place = place_of("HELLO", style);
  EXPECT_NEAR(place.height, 22, 2);
  EXPECT_NEAR(place.width, text_width("HELLO", style), 8);  // there is room before and behind each letter
}

TEST_F(CanvasTest, LinesOfTextStandBelowOneAnother) {
  Canvas canvas(100, 100);
  canvas.draw_lines({"HH", "HH"}, {10, 20}, kText);
  const Page page = page_of(canvas);
  const int step = static_cast<int>(line_height(kText));
  EXPECT_GT(page.ink({0, 14, 100, 12}), 10);
  EXPECT_EQ(page.ink({0, 14, 100, 12}), page.ink({0, 14 + step, 100, 12}));
}

TEST_F(CanvasTest, LabelsMayBeAnyBytes) {
  for (const std::string label : {"caf\xE9 \xFF", "Ωμέγα", "中文", "\x01\n\t"}) {
    const cv::Rect place = place_of(label, kText);
    EXPECT_GT(place.area(), 20) << label;
    EXPECT_LE(place.width, text_width(label, kText) + 3) << label;
  }
}

TEST_F(CanvasTest, WhatLiesOutsideThePageIsNotDrawn) {
  Canvas canvas(20, 20);
  canvas.draw_text("far too long for this page", {-30, 0}, kText);
  canvas.draw_curve({{-50, 10}, {70, 10}}, kRed, 3);
  canvas.draw_dot({0, 20}, 5, kRed);
  canvas.fill({15, 15, 30, 30}, kRed);
  canvas.draw_picture(cv::Mat(9, 9, CV_8UC3, cv::Scalar(255, 0, 0)), {-4, -4});
  const Page page = page_of(canvas);
  EXPECT_EQ(page.region({0, 0, 255}), cv::Rect(0, 0, 5, 5));
  EXPECT_EQ(page.count(kRed, {0, 9, 20, 2}), 40);
  EXPECT_TRUE(Page::same(page.at(19, 19), kRed));
}

TEST_F(CanvasTest, CurvesAreAsThickAsAsked) {
  Canvas canvas(60, 40);
  canvas.draw_curve({{10, 20}, {50, 20}}, kRed, 4);
  const Page page = page_of(canvas);
  EXPECT_EQ(page.region(kRed, {15, 0, 30, 40}).height, 4);
  EXPECT_EQ(page.count(kPaper, {0, 0, 60, 17}), 60 * 17);
}

TEST_F(CanvasTest, AFrameLeavesItsInsideAlone) {
  Canvas canvas(30, 30);
  canvas.draw_frame({10, 10, 6, 4}, kRed);
  const Page page = page_of(canvas);
  EXPECT_EQ(page.region(kRed), cv::Rect(9, 9, 8, 6));
  EXPECT_EQ(page.count(kPaper, {10, 10, 6, 4}), 24);
}

TEST_F(CanvasTest, FillsMixWithWhatWasThere) {
  Canvas canvas(10, 10);
  canvas.fill({0, 0, 10, 10}, kRed);
  canvas.fill({0, 0, 10, 10}, {0, 0, 255}, 0.2);
  const Colour mixed = page_of(canvas).at(5, 5);
  EXPECT_EQ(mixed.red, 204);
  EXPECT_EQ(mixed.green, 0);
  EXPECT_EQ(mixed.blue, 51);
}

TEST_F(CanvasTest, DarknessIsTheShareOfInk) {
  Canvas canvas(20, 10);
  EXPECT_EQ(canvas.darkness({0, 0, 20, 10}), 0);
  canvas.fill({0, 0, 10, 10}, {0, 0, 0});
  EXPECT_DOUBLE_EQ(canvas.darkness({0, 0, 20, 10}), 0.5);
  EXPECT_EQ(canvas.darkness({15, 0, 10, 10}), 1);
}

TEST_F(CanvasTest, SaysWhereAPageCannotBeWritten) {
  EXPECT_THAT(testing::error_of([&] { Canvas(5, 5).save(folder_.path()); }),
              HasSubstr(folder_.path().string()));
}

TEST(WrapText, BreaksAtSpaces) {
  const double width = text_width("two words", kText) + 1;
  EXPECT_THAT(wrap_text("two words or more", kText, width), ElementsAre("two words", "or more"));
  EXPECT_THAT(wrap_text("", kText, width), IsEmpty());
}

TEST(WrapText, BreaksAWordThatIsTooLong) {
  const std::vector<std::string> lines = wrap_text("runs/a-very-long-name-without-spaces", kText, 90);
  std::string joined;
  for (const std::string& line : lines) {
    EXPECT_THAT(text_width(line, kText), Le(90)) << line;
    joined += line;
  }
  EXPECT_GT(lines.size(), 1);
  EXPECT_EQ(joined, "runs/a-very-long-name-without-spaces");
}

}  // namespace
}  // namespace autoencoder
