#include "models/pca.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/scattered_points.h"

namespace autoencoder {
namespace {

using testing::scattered_points;

// (+-2, 0) and (0, +-1), turned by 45 degrees about (10, 20).
torch::Tensor turned_ellipse() {
  const double s = std::sqrt(0.5);
  const torch::Tensor turn = torch::tensor({{s, s}, {-s, s}}, torch::kFloat64);
  const torch::Tensor points =
      torch::tensor({{2.0, 0.0}, {-2.0, 0.0}, {0.0, 1.0}, {0.0, -1.0}}, torch::kFloat64);
  return points.mm(turn) + torch::tensor({10.0, 20.0}, torch::kFloat64);
}

TEST(Pca, AxesAndVariancesOfAnEllipse) {
  const PrincipalComponents found = fit_pca(turned_ellipse(), 2);
  const double s = std::sqrt(0.5);
  EXPECT_TRUE(torch::allclose(found.mean, torch::tensor({10.0, 20.0}, torch::kFloat64)));
  EXPECT_TRUE(torch::allclose(found.variances, torch::tensor({8.0 / 3, 2.0 / 3}, torch::kFloat64)));
  EXPECT_NEAR(found.total_variance, 10.0 / 3, 1e-12);
  EXPECT_TRUE(torch::allclose(found.axes.select(1, 0), torch::tensor({s, s}, torch::kFloat64)));
  EXPECT_TRUE(torch::allclose(found.axes.select(1, 1).abs(), torch::tensor({s, s}, torch::kFloat64)));
}

TEST(Pca, CodesAreDistancesAlongTheAxes) {
  const PrincipalComponents found = fit_pca(turned_ellipse(), 1);
  const torch::Tensor codes = found.project(turned_ellipse());
  EXPECT_TRUE(
      torch::allclose(codes, torch::tensor({{2.0}, {-2.0}, {0.0}, {0.0}}, torch::kFloat64), 0, 1e-12));
  const double s = std::sqrt(0.5);
  const torch::Tensor first = torch::tensor({10 + 2 * s, 20 + 2 * s}, torch::kFloat64);
  EXPECT_TRUE(torch::allclose(found.restore(codes)[0], first));
  EXPECT_TRUE(torch::allclose(found.restore(codes)[2], found.mean));
}

// Numbers of scikit-learn 1.9.1, points as in tests/support/scattered_points.h:
//   p = PCA(2).fit(x[tr]); p.components_, p.explained_variance_, p.explained_variance_ratio_,
//   p.transform(x[te])[0]
TEST(Pca, AsScikitLearn) {
  const auto points = scattered_points();
  const PrincipalComponents found = fit_pca(points.train, 2);
  const torch::Tensor axes =
      torch::tensor({{0.568978, 0.002722, 0.60477, -0.557234}, {-0.222801, 0.912818, -0.096917, -0.328222}},
                    torch::kFloat64);
  EXPECT_TRUE(torch::allclose(found.axes.t(), axes, 0, 1e-6));
  EXPECT_TRUE(
      torch::allclose(found.variances, torch::tensor({0.1096466, 0.0878348}, torch::kFloat64), 0, 1e-7));
  EXPECT_NEAR(found.variances[0].item<double>() / found.total_variance, 0.32637, 1e-6);
  EXPECT_TRUE(torch::allclose(found.project(points.test)[0],
                              torch::tensor({-0.125134, 0.233072}, torch::kFloat64), 0, 1e-6));
}

// More examples than one chunk of the covariance holds, far from the origin.
TEST(Pca, WhatIsLeftOutIsTheErrorOfTheRestored) {
  torch::manual_seed(0);
  const torch::Tensor spread = torch::tensor({5.0F, 3.0F, 1.0F, 0.5F, 0.1F});
  const torch::Tensor examples = torch::randn({9001, 5}) * spread + 100;
  const PrincipalComponents found = fit_pca(examples, 3);
  const torch::Tensor restored = found.restore(found.project(examples));
  EXPECT_EQ(restored.scalar_type(), torch::kFloat32);
  const double error = (restored - examples).square().sum().item<double>() / 9000;
  EXPECT_NEAR(error, found.total_variance - found.variances.sum().item<double>(), 1e-3);
  EXPECT_TRUE(torch::allclose(found.variances.sqrt(), spread.narrow(0, 0, 3).to(torch::kFloat64), 0.05));
}

TEST(Pca, AllAxesRestoreEverythingAndTheirLargestEntryIsPositive) {
  torch::manual_seed(0);
  const torch::Tensor examples = torch::rand({30, 6}, torch::kFloat64);
  const PrincipalComponents found = fit_pca(examples, 6);
  EXPECT_TRUE(torch::allclose(found.restore(found.project(examples)), examples));
  EXPECT_TRUE(torch::equal(found.axes.abs().amax(0), found.axes.amax(0)));
}

TEST(Pca, FewExamplesOfManyFeaturesAreAsTheirSingularVectors) {
  torch::manual_seed(0);
  const torch::Tensor examples = torch::rand({20, 50}, torch::kFloat64);
  const PrincipalComponents found = fit_pca(examples, 20);
  const auto [left, values, right] = torch::linalg_svd(examples - examples.mean(0), /*full_matrices=*/false);
  EXPECT_TRUE(torch::allclose(found.variances, values.square() / 19));
  EXPECT_NEAR(found.total_variance, examples.var(0).sum().item<double>(), 1e-12);
  const torch::Tensor cosines = found.axes.t().mm(right.t()).diagonal().narrow(0, 0, 19);
  EXPECT_TRUE(torch::allclose(cosines.abs(), torch::ones(19, torch::kFloat64)));
  EXPECT_TRUE(torch::allclose(found.axes.t().mm(found.axes), torch::eye(20, torch::kFloat64), 0, 1e-9));
  EXPECT_TRUE(torch::equal(found.axes.abs().amax(0), found.axes.amax(0)));
  EXPECT_TRUE(torch::allclose(found.restore(found.project(examples)), examples));
}

TEST(Pca, MoreAxesThanFeaturesAreAMistakeOfTheProgram) {
  EXPECT_THROW(fit_pca(torch::rand({5, 2}), 3), c10::Error);
  EXPECT_THROW(fit_pca(torch::rand({1, 2}), 1), c10::Error);
}

}  // namespace
}  // namespace autoencoder
