#include "data/scaling.h"

#include <limits>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"

namespace autoencoder {
namespace {

// Three features of their own ranges; the last never varies.
torch::Tensor vectors() {
  const torch::Tensor spread = torch::tensor({2.0F, 100.0F, 0.0F});
  const torch::Tensor offset = torch::tensor({-5.0F, 10.0F, 7.0F});
  return (torch::rand({400, 3}, make_generator(1)) * spread + offset).view({400, 1, 1, 3});
}

torch::Tensor scaled(const std::string& name) {
  const Scaling scaling = *fit_scaling(choice_named(scaling_kinds(), name), vectors());
  return ((vectors() - scaling.offset) / scaling.factor).flatten(1);
}

TEST(Scaling, MinmaxTakesEachFeatureToTheUnitRange) {
  const torch::Tensor values = scaled("minmax");
  EXPECT_TRUE(torch::allclose(values.amin(0), torch::zeros({3})));
  EXPECT_TRUE(torch::allclose(values.amax(0), torch::tensor({1.0F, 1.0F, 0.0F})));
}

TEST(Scaling, StandardTakesEachFeatureToMeanZeroAndDeviationOne) {
  const torch::Tensor values = scaled("standard");
  EXPECT_TRUE(torch::allclose(values.mean(0), torch::zeros({3}), 0, 1e-4));
  EXPECT_TRUE(torch::allclose(values.std(0, false), torch::tensor({1.0F, 1.0F, 0.0F}), 1e-3, 1e-4));
}

TEST(Scaling, AutoTakesATablesNumbersToStandardAndLeavesAllElse) {
  const torch::Tensor rows =
      torch::tensor({{10.0F, 0.0F, 1.0F, 0.0F, 4.0F}, {30.0F, 1.0F, 0.0F, 0.0F, 8.0F}});
  const Scaling scaling =
      *fit_scaling(ScalingKind::kAuto, rows.view({2, 1, 1, 5}), RowLayout("number,yes-no,category:2,count"));
  EXPECT_TRUE(torch::equal(scaling.offset.flatten(), torch::tensor({20.0F, 0.0F, 0.0F, 0.0F, 0.0F})));
  EXPECT_TRUE(torch::equal(scaling.factor.flatten(), torch::tensor({10.0F, 1.0F, 1.0F, 1.0F, 1.0F})));
}

TEST(Scaling, AutoScalesNothingButTables) {
  EXPECT_FALSE(fit_scaling(ScalingKind::kAuto, vectors()));
  EXPECT_FALSE(fit_scaling(ScalingKind::kNone, vectors()));
}

TEST(Scaling, HolesDoNotCount) {
  constexpr float kHole = std::numeric_limits<float>::quiet_NaN();
  const torch::Tensor rows = torch::tensor({{1.0F, kHole}, {kHole, kHole}, {5.0F, kHole}}).view({3, 1, 1, 2});
  const Scaling scaling = *fit_scaling(ScalingKind::kStandard, rows);
  EXPECT_TRUE(torch::equal(scaling.offset.flatten(), torch::tensor({3.0F, 0.0F})));
  EXPECT_TRUE(torch::equal(scaling.factor.flatten(), torch::tensor({2.0F, 1.0F})));
}

}  // namespace
}  // namespace autoencoder
