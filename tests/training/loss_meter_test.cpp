#include "training/loss_meter.h"

#include <limits>

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

Loss loss_of(double total, double kl) { return {torch::tensor(total), {{"kl", torch::tensor(kl)}}}; }

TEST(LossMeter, WeighsEachLossByItsExamples) {
  LossMeter meter;
  meter.add(loss_of(2, 1), 3, 1);
  meter.add(loss_of(6, 5), 1, 2);
  const LossMeans means = meter.means();
  EXPECT_DOUBLE_EQ(means.total, 3);
  ASSERT_EQ(means.terms.size(), 1);
  EXPECT_EQ(means.terms[0].first, "kl");
  EXPECT_DOUBLE_EQ(means.terms[0].second, 2);
  EXPECT_DOUBLE_EQ(*meter.glance(), 3);
}

TEST(LossMeter, KeepsNoGraph) {
  LossMeter meter;
  const torch::Tensor weight = torch::ones({}, torch::requires_grad());
  meter.add({weight * 2, {}}, 1, 1);
  EXPECT_EQ(weight.use_count(), 1);
}

TEST(LossMeter, NamesTheFirstBadStep) {
  LossMeter meter;
  meter.add(loss_of(1, 1), 1, 1);
  EXPECT_FALSE(meter.first_bad_step());
  meter.add(loss_of(std::numeric_limits<double>::infinity(), 1), 1, 2);
  meter.add(loss_of(std::nan(""), 1), 1, 3);
  EXPECT_EQ(meter.first_bad_step(), 2);
}

TEST(LossMeter, StartsAnewAfterReset) {
  LossMeter meter;
  meter.add(loss_of(1, 1), 1, 1);
  meter.reset();
  EXPECT_FALSE(meter.glance());
  EXPECT_FALSE(meter.first_bad_step());
  meter.add(loss_of(7, 1), 2, 1);
  EXPECT_DOUBLE_EQ(meter.means().total, 7);
}

TEST(LossMeter, GoesOnAfterSavingAndLoading) {
  LossMeter meter;
  meter.add(loss_of(2, 1), 3, 1);
  LossMeter loaded;
  loaded.restore(meter.term_names(), meter.state(), torch::kCPU);
  loaded.add(loss_of(6, 5), 1, 2);
  EXPECT_DOUBLE_EQ(loaded.means().total, 3);
  EXPECT_EQ(loaded.means().terms[0].first, "kl");
}

}  // namespace
}  // namespace autoencoder
