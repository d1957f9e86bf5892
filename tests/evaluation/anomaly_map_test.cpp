#include "evaluation/anomaly_map.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "evaluation/metrics.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

AnomalyMap map_named(const std::string& name) { return {choice_named(pixel_differences(), name), 0, {}}; }

torch::Tensor line(const std::vector<float>& values) { return torch::tensor(values).view({1, 1, 1, -1}); }

TEST(AnomalyMaps, AreNothingWherePicturesAreAlike) {
  const torch::Tensor pictures = torch::rand({2, 3, 16, 20});
  for (const auto& [name, difference] : pixel_differences()) {
    const torch::Tensor maps = map_named(name).of(pictures, pictures.clone());
    EXPECT_EQ(maps.sizes(), (std::vector<int64_t>{2, 1, 16, 20})) << name;
    EXPECT_LT(maps.abs().max().item<double>(), 1e-6) << name;
  }
}

TEST(AnomalyMaps, AreLargestAroundADefect) {
  torch::manual_seed(1);
  const torch::Tensor whole = 0.5 + 0.1 * torch::rand({1, 3, 40, 40});
  torch::Tensor damaged = whole.clone();
  damaged.slice(2, 10, 16).slice(3, 20, 26).fill_(0);
  for (const auto& [name, difference] : pixel_differences()) {
    const torch::Tensor map = map_named(name).of(damaged, whole)[0][0];
    const double inside = map.slice(0, 8, 18).slice(1, 18, 28).mean().item<double>();
    EXPECT_GT(inside, 20 * map.slice(0, 30, 40).mean().item<double>()) << name;
    EXPECT_GE(map.min().item<double>(), 0) << name;
  }
}

TEST(AnomalyMaps, OfStructureHaveTheDissimilarityAsTheirMeanWhereTheWindowFits) {
  torch::manual_seed(1);
  const torch::Tensor a = torch::rand({2, 3, 24, 30});
  const torch::Tensor b = torch::rand({2, 3, 24, 30});
  const torch::Tensor maps = map_named("ssim").of(a, b).slice(2, 5, 19).slice(3, 5, 25);
  EXPECT_TRUE(torch::allclose(1 - 2 * maps.mean({1, 2, 3}), structural_similarity(a, b), 1e-5, 1e-6));
}

// Errors 0, 0.2, 0.6, 0 along the line: slopes 0.1, 0.3, -0.1, -0.3, whose squares are the map.
TEST(AnomalyMaps, OfGradientsCompareSlopes) {
  const torch::Tensor map =
      map_named("gradient").of(line({0.1F, 0.3F, 0.9F, 0.4F}), line({0.1F, 0.1F, 0.3F, 0.4F}));
  EXPECT_TRUE(torch::allclose(map.flatten(), torch::tensor({0.01F, 0.09F, 0.01F, 0.09F}), 0, 1e-6));
}

TEST(AnomalyMaps, OfGradientsDoNotSeeTheLight) {
  const torch::Tensor picture = torch::rand({1, 3, 12, 12}) * 0.5;
  EXPECT_LT(map_named("gradient").of(picture + 0.4, picture).max().item<double>(), 1e-10);
}

TEST(AnomalyMaps, AreSmoothed) {
  torch::Tensor dot = torch::zeros({1, 1, 41, 41});
  dot[0][0][20][20] = 1;
  AnomalyMap map = map_named("error");
  map.smoothing = 3;
  const torch::Tensor spread = map.of(dot, torch::zeros_like(dot))[0][0];
  EXPECT_NEAR(spread.sum().item<double>(), 1, 1e-5);
  EXPECT_NEAR((spread[20][23] / spread[20][20]).item<double>(), std::exp(-0.5), 1e-5);
  EXPECT_EQ(map.text(), "error, smoothed over 3 pixels");
  EXPECT_EQ(map_named("ssim").text(), "ssim");
}

// A line of errors 0, 0, 1, -1, 0, 0, 0, 0, whose signs cancel, and of 0, 0, 1, 1, 0, 0, 0, 0, whose do not.
TEST(AnomalyMaps, OfCoarseErrorsPassOverEdgesThatMoved) {
  const AnomalyMap map = map_named("coarse");
  const torch::Tensor nothing = torch::zeros({1, 1, 1, 8});
  const double moved = map.of(line({0, 0, 1, -1, 0, 0, 0, 0}), nothing).max().item<double>();
  const double added = map.of(line({0, 0, 1, 1, 0, 0, 0, 0}), nothing).max().item<double>();
  const double side = std::exp(-0.5);
  const double window =
      1 + 2 * (side + std::exp(-2) + std::exp(-4.5));  // cut beside the line's end by one pixel
  EXPECT_NEAR(added, std::pow((1 + side) / window, 2), 0.01);
  EXPECT_LT(moved, added / 5);
}

TEST(AnomalyMaps, OfDefectsAreWrongInTwoWaysAtOnce) {
  torch::manual_seed(1);
  const torch::Tensor a = torch::rand({2, 3, 20, 20});
  const torch::Tensor b = torch::rand({2, 3, 20, 20});
  EXPECT_TRUE(torch::allclose(map_named("defects").of(a, b),
                              map_named("coarse").of(a, b) * map_named("ssim").of(a, b)));
}

AnomalyMap measured(MapMeasure measure, const std::vector<float>& mean) {
  AnomalyMap map = map_named("error");
  map.measure = measure;
  map.usual = line(mean);
  return map;
}

TEST(AnomalyMaps, AreMeasuredByWhatIsUsualAtTheirPlace) {
  const torch::Tensor maps = measured(MapMeasure::kPlace, {4, 0.25F, 1}).of(line({2, 1, 3}), line({0, 0, 0}));
  EXPECT_TRUE(torch::allclose(maps.flatten(), torch::tensor({1.0F, 4.0F, 9.0F})));
}

TEST(AnomalyMaps, AreMeasuredByThePicturesMedianToo) {
  const torch::Tensor pictures = torch::cat({line({2, 1, 3}), line({0.2F, 0.1F, 0.9F})});
  const AnomalyMap map = measured(MapMeasure::kPicture, {1, 1, 1});
  const torch::Tensor maps = map.of(pictures, torch::zeros_like(pictures)).flatten(1);
  EXPECT_TRUE(torch::allclose(maps[0], torch::tensor({1.0F, 0.25F, 2.25F})));
  EXPECT_TRUE(torch::allclose(maps[1], torch::tensor({0.4F, 0.1F, 8.1F})))
      << "no median counts as less than 0.1";
}

TEST(AnomalyMaps, ThatKnowNothingUsualAreNotMeasured) {
  AnomalyMap map = map_named("error");
  map.measure = MapMeasure::kPicture;
  EXPECT_TRUE(torch::allclose(map.of(line({2, 1}), line({0, 0})).flatten(), torch::tensor({4.0F, 1.0F})));
  EXPECT_EQ(map.text(), "error");
  map.usual = line({1, 1});
  EXPECT_EQ(map.text(), "error, times what is usual");
}

TEST(UsualDifferences, AreATenthOfTheirMeanAtLeast) {
  torch::Tensor mean = torch::zeros({1, 1, 20, 20});
  mean.slice(3, 10) = 2;
  const torch::Tensor usual = usual_differences(mean);
  EXPECT_NEAR(usual[0][0][10][0].item<double>(), 0.1, 1e-3);
  EXPECT_NEAR(usual[0][0][10][19].item<double>(), 2, 1e-3);
  EXPECT_GT(usual_differences(torch::zeros_like(mean)).min().item<double>(), 0);
}

TEST(AnomalyMaps, OfSmallPicturesAreErrorsAsTheyAre) {
  EXPECT_EQ(usual_map({1, 28, 28}).text(), "error");
  EXPECT_EQ(usual_map({3, 63, 100}).text(), "error");
  EXPECT_EQ(usual_map({1, 1, 500}).text(), "error");
  EXPECT_NE(usual_map({3, 64, 100}).text(), "error");
}

double pooled(const std::string& pooling, const std::vector<float>& values) {
  return Pooling(pooling).apply(line(values)).item<double>();
}

TEST(Poolings, TakeTheLargestValuesTheirMean) {
  const std::vector<float> values = {1, 9, 2, 8, 3, 7, 4, 6, 5, 0};
  EXPECT_EQ(pooled("max", values), 9);
  EXPECT_EQ(pooled("mean", values), 4.5);
  EXPECT_EQ(pooled("top:0.3", values), 8);
  EXPECT_EQ(pooled("top:0.21", values), 8) << "of ten the largest three";
  EXPECT_EQ(pooled("top:0.001", values), 9) << "one at least";
  EXPECT_EQ(pooled("top:1", values), 4.5);
}

TEST(Poolings, AreOfEachPicture) {
  const torch::Tensor maps = torch::tensor({1.0F, 2.0F, 3.0F, 5.0F}).view({2, 1, 1, 2});
  EXPECT_TRUE(torch::equal(Pooling("max").apply(maps), torch::tensor({2.0, 5.0}, torch::kFloat64)));
}

TEST(Poolings, AreReadAndWritten) {
  for (const char* text : {"max", "mean", "top:0.01"}) {
    EXPECT_EQ(Pooling(text).text(), text);
  }
  EXPECT_EQ(Pooling().text(), "max");
  for (const char* text : {"", "median", "top", "top:", "top:0", "top:1.5", "top:x"}) {
    EXPECT_THAT(error_of([&] { Pooling{text}; }), HasSubstr("such as top:0.01")) << text;
  }
}

}  // namespace
}  // namespace autoencoder
