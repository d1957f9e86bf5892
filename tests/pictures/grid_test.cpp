#include "pictures/grid.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/pictures/page.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using testing::error_of;
using ::testing::HasSubstr;
using testing::Page;

/// A colour that nothing else on a page has: `part` and `example` are up to 200.
Colour mark(int part, int example) {
  return {static_cast<uint8_t>(50 + part), static_cast<uint8_t>(20 + example), 250};
}

/// Pictures of one colour each, after their part and example.
torch::Tensor marks(int part, int count, int64_t height = 28, int64_t width = 28) {
  torch::Tensor images = torch::empty({count, 3, height, width}, torch::kUInt8);
  for (int i = 0; i < count; ++i) {
    const Colour colour = mark(part, i);
    images[i][0] = colour.red;
    images[i][1] = colour.green;
    images[i][2] = colour.blue;
  }
  return images;
}

class GridTest : public ::testing::Test {
 protected:
  Page draw(const std::vector<GridPart>& parts, const GridStyle& style = {}) const {
    write_grid(folder_ / "grid.png", parts, style);
    return Page(folder_ / "grid.png");
  }

  testing::TemporaryFolder folder_;
};

TEST_F(GridTest, TheFirstPartLiesAboveTheSecond) {
  const Page page = draw({{"original", marks(0, 10)}, {"reconstruction", marks(1, 10)}});
  for (int i = 0; i < 10; ++i) {
    const cv::Rect original = page.region(mark(0, i));
    const cv::Rect reconstruction = page.region(mark(1, i));
    EXPECT_EQ(original.size(), cv::Size(84, 84));
    EXPECT_EQ(reconstruction.size(), cv::Size(84, 84));
    EXPECT_EQ(original.x, reconstruction.x);
    EXPECT_LT(original.br().y, reconstruction.y);
    if (i > 0) {
      EXPECT_LT(page.region(mark(0, i - 1)).br().x, original.x);
      EXPECT_EQ(page.region(mark(0, i - 1)).y, original.y);
    }
  }
}

TEST_F(GridTest, APixelLandsInItsCell) {
  torch::Tensor images = marks(0, 3, 8, 8);
  images[1].select(1, 2).select(1, 5).copy_(torch::tensor({255, 0, 0}, torch::kUInt8));
  GridStyle style;
  style.zoom = 4;
  const Page page = draw({{"a", images}, {"b", marks(1, 3, 8, 8)}}, style);
  const cv::Point corner = page.region(mark(0, 1)).tl();
  EXPECT_EQ(page.region({255, 0, 0}), cv::Rect(corner + cv::Point(5 * 4, 2 * 4), cv::Size(4, 4)));
}

TEST_F(GridTest, GreyAndColourShareAPage) {
  const torch::Tensor grey = torch::full({2, 1, 28, 28}, 77, torch::kUInt8);
  const Page page = draw({{"grey", grey}, {"colour", marks(1, 2)}});
  EXPECT_GE(page.count({77, 77, 77}, page.whole()), 2 * 84 * 84);
  EXPECT_EQ(page.region(mark(1, 0)).size(), cv::Size(84, 84));
}

TEST_F(GridTest, FloatsAreClipped) {
  const torch::Tensor pixel = torch::tensor({2.0, -1.0, 0.6}).view({1, 3, 1, 1});
  torch::Tensor images = pixel.expand({2, 3, 28, 28}).clone();
  images[1][1] = NAN;
  images[1][0] = 0.2;
  const Page page = draw({{"", images}});
  EXPECT_EQ(page.count({255, 0, 153}, page.whole()), 84 * 84);
  EXPECT_EQ(page.count({51, 0, 153}, page.whole()), 84 * 84);
}

TEST_F(GridTest, NeitherStridesNorGradientsMatter) {
  const torch::Tensor images = (marks(0, 2).to(torch::kDouble) / 255).to(torch::MemoryFormat::ChannelsLast);
  const Page page = draw({{"", images.clone().requires_grad_()}});
  EXPECT_EQ(page.region(mark(0, 0)).size(), cv::Size(84, 84));
}

TEST_F(GridTest, ManyExamplesGoOnInTheNextBand) {
  const Page page = draw({{"original", marks(0, 40)}, {"reconstruction", marks(1, 40)}});
  EXPECT_LE(page.width(), 1600);
  EXPECT_LT(page.region(mark(1, 0)).br().y, page.region(mark(0, 39)).y);
  EXPECT_LT(page.region(mark(0, 39)).br().y, page.region(mark(1, 39)).y);
  EXPECT_TRUE(page.has_white_border(16));
}

TEST_F(GridTest, PairsLieSideBySide) {
  GridStyle style;
  style.layout = GridLayout::kPairs;
  const Page page = draw({{"original", marks(0, 4)}, {"reconstruction", marks(1, 4)}}, style);
  for (int i = 0; i < 4; ++i) {
    const cv::Rect original = page.region(mark(0, i));
    EXPECT_EQ(original.y, page.region(mark(1, i)).y);
    EXPECT_LT(original.br().x, page.region(mark(1, i)).x);
  }
  EXPECT_LT(page.region(mark(1, 0)).br().x, page.region(mark(0, 1)).x);
  EXPECT_GT(page.ink({0, 0, page.width(), page.region(mark(0, 0)).y - 2}), 50) << "captions above";
}

TEST_F(GridTest, ACaptionStandsBesideItsRow) {
  const Page page = draw({{"original", marks(0, 3)}, {"", marks(1, 3)}});
  const auto beside = [&](int part) {
    const cv::Rect first = page.region(mark(part, 0));
    return page.ink({0, first.y, first.x - 2, first.height});
  };
  EXPECT_GT(beside(0), 50);
  EXPECT_EQ(beside(1), 0);
}

TEST_F(GridTest, NothingIsCutOffHoweverLongTheWordsAndSmallThePictures) {
  GridStyle style;
  style.zoom = 1;
  style.title =
      "a title that is a good deal longer than the pictures below it, so that the page must give it some "
      "room";
  const std::string caption =
      "a caption of very many words, so many that they need more than one line beside the row";
  for (const auto layout : {GridLayout::kRows, GridLayout::kPairs}) {
    style.layout = layout;
    const Page page = draw({{caption, marks(0, 1, 8, 8)}, {caption, marks(1, 1, 8, 8)}}, style);
    EXPECT_TRUE(page.has_white_border(10));
    EXPECT_EQ(page.region(mark(0, 0)).size(), cv::Size(8, 8));
    EXPECT_EQ(page.region(mark(1, 0)).size(), cv::Size(8, 8));
    EXPECT_GT(page.ink(page.whole()), 1000);
  }
}

TEST_F(GridTest, TheTitleStandsAboveAndOnlyWhereThereIsOne) {
  GridStyle style;
  style.title = "Samples";
  const Page titled = draw({{"", marks(0, 4)}}, style);
  EXPECT_GT(titled.ink({0, 0, titled.width(), titled.region(mark(0, 0)).y - 2}), 50);
  const Page bare = draw({{"", marks(0, 4)}});
  EXPECT_EQ(bare.region(mark(0, 0)).tl(), cv::Point(20, 20));
}

TEST_F(GridTest, AFrameSurroundsEachPicture) {
  const Page page = draw({{"", torch::full({1, 1, 28, 28}, 255, torch::kUInt8)}});
  const Colour frame = page.at(19, 19);
  EXPECT_LT(frame.red, 220);
  EXPECT_EQ(page.count(frame, page.whole()), 4 * 85);
}

TEST_F(GridTest, ACodeLiesBetweenAsASmallPicture) {
  const torch::Tensor codes = torch::full({2, 32}, 3.0);
  const Page page =
      draw({{"original", marks(0, 2)}, {"code", codes_as_images(codes)}, {"reconstruction", marks(1, 2)}});
  const cv::Rect original = page.region(mark(0, 0));
  const cv::Rect between(original.x + 2, original.br().y + 6, 80, 40);
  EXPECT_EQ(page.count({255, 255, 255}, between), between.area());
  EXPECT_EQ(page.region(mark(1, 0)).y, original.br().y + 6 + 40 + 6);
}

TEST_F(GridTest, OneExampleIsEnough) {
  const Page page = draw({{"original", marks(0, 1)}, {"reconstruction", marks(1, 1)}});
  EXPECT_EQ(page.region(mark(0, 0)).size(), cv::Size(84, 84));
  EXPECT_EQ(page.region(mark(1, 0)).size(), cv::Size(84, 84));
}

TEST_F(GridTest, LargePicturesKeepTheirSize) {
  const Page page = draw({{"original", marks(0, 3, 512, 300)}, {"reconstruction", marks(1, 3, 512, 300)}});
  EXPECT_EQ(page.region(mark(0, 2)).size(), cv::Size(300, 512));
}

TEST_F(GridTest, ABarOfColoursLiesBelowWithItsNumbersAndItsCaption) {
  torch::Tensor colours = torch::zeros({3, 1, 2});
  colours[0][0][0] = 1;  // red, then blue
  colours[2][0][1] = 1;
  const ColourBar bar = {colours, 0, 0.5, "squared error"};
  const Page page = draw({{"a", marks(0, 2)}, {"b", marks(1, 2)}}, {.title = "", .bar = bar});
  const cv::Rect low = page.region({255, 0, 0});
  const cv::Rect high = page.region({0, 0, 255});
  EXPECT_EQ(low.size(), high.size());
  EXPECT_EQ(low.br().x, high.x);
  EXPECT_EQ(low.x, page.region(mark(1, 0)).x);
  EXPECT_GT(low.y, page.region(mark(1, 0)).br().y);
  EXPECT_GT(page.ink({low.x - 10, low.br().y + 2, 40, 20}), 5) << "the lowest value";
  EXPECT_GT(page.ink({high.br().x + 2, high.y - 4, page.width() - high.br().x - 2, 20}), 50) << "the caption";
  EXPECT_TRUE(page.has_white_border(10));
}

TEST_F(GridTest, SaysWhatCannotBeDrawn) {
  EXPECT_THAT(error_of([&] {
                draw({{"", torch::zeros({0, 1, 28, 28})}});
              }),
              HasSubstr("there is no picture to draw"));
  GridStyle style;
  style.columns = 1;
  EXPECT_THAT(error_of([&] {
                draw({{"", torch::zeros({400, 1, 28, 28})}}, style);
              }),
              AllOf(HasSubstr("400 examples"), HasSubstr("84 x 35994"), HasSubstr("--zoom")));
  style.zoom = 4'000'000'000'000'000'000;
  EXPECT_THAT(error_of([&] {
                draw({{"", torch::zeros({1, 1, 28, 28})}}, style);
              }),
              HasSubstr("a zoom of 4000000000000000000"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "grid.png"));
}

TEST_F(GridTest, RefusesWhatAreNoPictures) {
  EXPECT_THROW(draw({}), c10::Error);
  EXPECT_THROW(draw({{"", torch::zeros({3, 28, 28})}}), c10::Error);
  EXPECT_THROW(draw({{"", torch::zeros({3, 0, 28, 28})}}), c10::Error);
  EXPECT_THROW(draw({{"", torch::zeros({3, 1, 8, 8})}, {"", torch::zeros({2, 1, 8, 8})}}), c10::Error);
}

}  // namespace
}  // namespace autoencoder
