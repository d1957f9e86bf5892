#include "evaluation/localization.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

// Random numbers that NumPy can have too: a linear congruential generator's.
torch::Tensor drawn(int64_t seed, at::IntArrayRef sizes) {
  torch::Tensor numbers = torch::empty(sizes, torch::kFloat64);
  auto* const number = numbers.mutable_data_ptr<double>();
  for (int64_t i = 0; i < numbers.numel(); ++i) {
    seed = (seed * 1103515245 + 12345) % (int64_t{1} << 31);
    number[i] = static_cast<double>(seed) / static_cast<double>(int64_t{1} << 31);
  }
  return numbers;
}

struct Scene {
  torch::Tensor maps = torch::Tensor();
  torch::Tensor masks = torch::zeros({6, 1, 40, 50}, torch::kUInt8);

  void add_disc(int64_t picture, int64_t middle_y, int64_t middle_x, int64_t radius) {
    const torch::Tensor y = torch::arange(40).view({40, 1}) - middle_y;
    const torch::Tensor x = torch::arange(50) - middle_x;
    masks[picture][0].masked_fill_(y * y + x * x < radius * radius, 255);
  }
};

// Six pictures, two without a defect; in one of the others two defects touch.
Scene scene() {
  Scene made;
  made.add_disc(0, 10, 10, 4);
  made.add_disc(0, 30, 35, 8);
  made.add_disc(1, 20, 20, 3);
  made.add_disc(2, 5, 45, 6);
  made.add_disc(2, 5, 38, 3);
  made.add_disc(3, 39, 0, 5);
  const torch::Tensor ground = drawn(7, {6, 1, 40, 50});
  const torch::Tensor defects = drawn(11, {6, 1, 40, 50});
  made.maps = (ground * ground + 0.9 * defects * (made.masks != 0)).to(torch::kFloat32);
  return made;
}

Localization figures_of(const torch::Tensor& maps, const torch::Tensor& masks) {
  PixelTally tally;
  tally.add(maps, masks);
  return tally.figures();
}

// sklearn 1.9: roc_auc_score and the best F1 of precision_recall_curve; PRO by numpy.trapezoid over all
// thresholds, regions by scipy.ndimage.label with a 3 x 3 structure of ones.
TEST(Localization, GivesTheFiguresOfScikitLearnAndNumPy) {
  const Scene all = scene();
  const Localization figures = figures_of(all.maps, all.masks);
  EXPECT_NEAR(figures.area_under_roc, 0.8014331701901788, 2e-5);
  EXPECT_NEAR(figures.region_overlap, 0.4889932217784187, 5e-5);
  EXPECT_NEAR(figures.best_f1, 0.42857142857142855, 5e-4);
  EXPECT_NEAR(figures.threshold, 1.0022708, 1e-3);
  const Localization of_two = figures_of(all.maps.narrow(0, 0, 2), all.masks.narrow(0, 0, 2));
  EXPECT_NEAR(of_two.area_under_roc, 0.8115861221308649, 2e-5);
  EXPECT_NEAR(of_two.region_overlap, 0.4678855986238128, 5e-5);
}

TEST(Localization, TheThresholdGivesTheF1) {
  const Scene all = scene();
  const Localization figures = figures_of(all.maps, all.masks);
  const torch::Tensor called = all.maps >= figures.threshold;
  const torch::Tensor is_one = all.masks != 0;
  const auto hits = called.logical_and(is_one).sum().item<double>();
  EXPECT_NEAR(2 * hits / (called.sum() + is_one.sum()).item<double>(), figures.best_f1, 1e-12);
}

// A defect of one pixel counts as much as one of 16: each is found whole by half of the thresholds.
TEST(Localization, OverlapIsAMeanOverRegions) {
  torch::Tensor masks = torch::zeros({1, 1, 10, 10}, torch::kUInt8);
  masks.slice(2, 0, 4).slice(3, 0, 4).fill_(1);
  masks[0][0][9][9] = 1;
  torch::Tensor maps = torch::zeros({1, 1, 10, 10});
  maps.slice(2, 0, 4).slice(3, 0, 4).fill_(1);
  // The large one is found at once, the small one not before all else: the curve goes from 1/2 in a straight
  // line to 1, and over the first 0.3 it has a mean of 0.5 + 0.15 / 2.
  const Localization figures = figures_of(maps, masks);
  EXPECT_NEAR(figures.region_overlap, 0.575, 1e-9);
  EXPECT_NEAR(figures.area_under_roc, (16 + 0.5) / 17, 1e-9);
  EXPECT_NEAR(figures.best_f1, 32.0 / 33, 1e-9);
  EXPECT_EQ(figures.threshold, 1);
}

TEST(Localization, OfPerfectMapsIsOneWhateverTheirScale) {
  const Scene all = scene();
  for (const double scale : {1e-9, 1.0, 1e9}) {
    const Localization figures = figures_of((all.masks != 0) * scale, all.masks);
    EXPECT_NEAR(figures.area_under_roc, 1, 1e-12);
    EXPECT_NEAR(figures.region_overlap, 1, 1e-12);
    EXPECT_NEAR(figures.best_f1, 1, 1e-12);
  }
}

TEST(PixelTallies, OfPartsAreThatOfAll) {
  const Scene all = scene();
  PixelTally sum;
  sum.add(all.maps.narrow(0, 0, 1), all.masks.narrow(0, 0, 1));
  const PixelTally before = sum;
  PixelTally rest;
  rest.add(all.maps.narrow(0, 1, 2), all.masks.narrow(0, 1, 2));
  rest.add(all.maps.narrow(0, 3, 3), all.masks.narrow(0, 3, 3));
  sum += rest;
  EXPECT_NEAR(sum.figures().region_overlap, figures_of(all.maps, all.masks).region_overlap, 1e-12);
  EXPECT_EQ(sum.figures().best_f1, figures_of(all.maps, all.masks).best_f1);
  EXPECT_EQ(before.figures().best_f1, figures_of(all.maps.narrow(0, 0, 1), all.masks.narrow(0, 0, 1)).best_f1)
      << "copies stay as they were";
}

TEST(PixelTallies, HaveFiguresWhereThereAreBothKinds) {
  PixelTally tally;
  EXPECT_FALSE(tally.has_both());
  tally.add(torch::ones({1, 1, 2, 2}), torch::zeros({1, 1, 2, 2}, torch::kUInt8));
  EXPECT_FALSE(tally.has_both());
  EXPECT_THROW(tally.figures(), c10::Error);
  tally.add(torch::ones({1, 1, 2, 2}), torch::ones({1, 1, 2, 2}, torch::kUInt8));
  EXPECT_TRUE(tally.has_both());
  EXPECT_THROW(tally.add(torch::ones({1, 1, 2, 2}), torch::ones({1, 1, 2, 3}, torch::kUInt8)), c10::Error);
}

}  // namespace
}  // namespace autoencoder
