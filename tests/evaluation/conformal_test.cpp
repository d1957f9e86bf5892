#include "evaluation/conformal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

TEST(ConformalThreshold, TellsHowManyExamplesAPromiseTakes) {
  EXPECT_EQ(examples_for_promise(0.01), 99);
  EXPECT_EQ(examples_for_promise(0.05), 19);
  EXPECT_EQ(examples_for_promise(0.5), 1);
  EXPECT_EQ(examples_for_promise(0.001), 999);
  EXPECT_EQ(examples_for_promise(0.03), 33);
  EXPECT_THAT(error_of([] { conformal_threshold(torch::rand({98}), 0.01); }),
              HasSubstr("98 normal examples cannot promise at most 1 % of false alarms: that takes 99"));
}

// Of 1 to n, so many may lie at the threshold and above.
TEST(ConformalThreshold, LeavesAsManyAboveAsThePromiseAllows) {
  const auto above = [](int64_t count, double false_alarms) {
    const torch::Tensor scores = torch::randperm(count, make_generator(1)).to(torch::kFloat64);
    return (scores >= conformal_threshold(scores, false_alarms)).sum().item<int64_t>();
  };
  EXPECT_EQ(above(99, 0.01), 0);
  EXPECT_EQ(above(198, 0.01), 0);
  EXPECT_EQ(above(199, 0.01), 1);
  EXPECT_EQ(above(300, 0.01), 2);
  EXPECT_EQ(above(19, 0.1), 1);
}

TEST(ConformalThreshold, IsReachedByNoneOfManyEqualScores) {
  const torch::Tensor scores = torch::full({500}, 0.25, torch::kFloat64);
  EXPECT_FALSE((scores >= conformal_threshold(scores, 0.1)).any().item<bool>());
}

// Over 4,000 detectors, each with 150 examples of its own, the chance that a new one is called an anomaly is
// floor(151 * 0.05) / 151 = 0.04636 (uniform scores: one minus the threshold), with a standard error of
// 0.0003.
TEST(ConformalThreshold, KeepsItsPromiseOverRandomDraws) {
  constexpr int64_t kDetectors = 4000;
  const torch::Tensor draws = torch::rand({kDetectors, 150}, make_generator(3), torch::kFloat64);
  double alarms = 0;
  for (int64_t i = 0; i < kDetectors; ++i) {
    alarms += 1 - conformal_threshold(draws[i], 0.05);
  }
  EXPECT_LE(alarms / kDetectors, 0.05);
  EXPECT_NEAR(alarms / kDetectors, 7.0 / 151, 0.0015);
}

}  // namespace
}  // namespace autoencoder
