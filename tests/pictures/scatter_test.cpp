#include "pictures/scatter.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/pictures/page.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::Page;
using testing::TemporaryFolder;

int coloured(const Page& page, const cv::Rect& area) {
  int count = 0;
  for (int y = area.y; y < area.br().y; ++y) {
    for (int x = area.x; x < area.br().x; ++x) {
      const Colour colour = page.at(x, y);
      const auto [low, high] = std::minmax({colour.red, colour.green, colour.blue});
      count += high - low > 60 ? 1 : 0;
    }
  }
  return count;
}

TEST(Scatter, DrawsItsPlotsSideBySide) {
  const TemporaryFolder folder;
  const torch::Tensor angle = torch::linspace(0, 6.2, 50);
  const torch::Tensor circle = torch::stack({torch::cos(angle), torch::sin(angle)}, 1);
  write_scatter(folder / "points.png", {{"circle", circle}, {"angle", angle.unsqueeze(1)}}, angle, "Circle");
  const Page page(folder / "points.png");
  const int half = page.width() / 2;
  EXPECT_GT(coloured(page, {0, 0, half, page.height()}), 200);
  EXPECT_GT(coloured(page, {half, 0, half, page.height()}), 200);
}

TEST(Scatter, ALineLiesInTheMiddle) {
  const TemporaryFolder folder;
  const torch::Tensor values = torch::linspace(-1, 1, 50);
  write_scatter(folder / "points.png", {{"", values.unsqueeze(1)}}, values, "");
  const Page page(folder / "points.png");
  const int third = page.height() / 3;
  EXPECT_EQ(coloured(page, {0, 0, page.width(), third}), 0);
  EXPECT_GT(coloured(page, {0, third, page.width(), third + third / 2}), 200);
}

TEST(Scatter, RefusesPointsThatDoNotFitIntoThePlane) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_scatter(folder / "points.png", {{"", torch::rand({5, 4})}}, torch::rand({5}), ""),
               c10::Error);
}

TEST(LabelledScatter, EachClassHasItsColourInPlotAndLegend) {
  const TemporaryFolder folder;
  const torch::Tensor points = torch::rand({60, 2});
  const torch::Tensor labels = torch::arange(60).remainder(3);
  write_labelled_scatter(folder / "points.png", {points, labels, {"ape", "bee", "cow"}}, "Codes");
  const Page labelled(folder / "points.png");
  write_labelled_scatter(folder / "plain.png", {points, {}, {}}, "Codes");
  const Page plain(folder / "plain.png");
  EXPECT_GT(labelled.width(), plain.width());
  const int legend = plain.width();
  EXPECT_GT(coloured(labelled, {legend, 0, labelled.width() - legend, labelled.height()}), 100);
  EXPECT_GT(coloured(plain, {0, 0, plain.width(), plain.height()}), 300);
}

TEST(LabelledScatter, ManyClassesHaveColoursEnough) {
  const TemporaryFolder folder;
  const std::vector<std::string> names(40, "name");
  write_labelled_scatter(folder / "points.png", {torch::rand({40, 2}), torch::arange(40), names}, "");
  const Page page(folder / "points.png");
  EXPECT_GT(coloured(page, {0, 0, page.width(), page.height()}), 300);
}

}  // namespace
}  // namespace autoencoder
