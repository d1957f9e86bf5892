// Values against torch.optim are compared in tests/parity; here are the first steps, worked out by hand.

#include "training/optimizer.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/temporary_folder.h"
#include "training/adadelta.h"
#include "training/optimizer_state.h"

namespace autoencoder {
namespace {

using testing::TemporaryFolder;

OptimizerOptions optimizer_options(const std::string& name, double learning_rate = 0) {
  OptimizerOptions options;
  options.optimizer = choice_named(optimizer_kinds(), name);
  options.learning_rate = learning_rate;
  return options;
}

// A weight of 2 whose gradient is always 4.
torch::Tensor weight_with_gradient() {
  torch::Tensor weight = torch::full({1}, 2.0, torch::requires_grad());
  weight.mutable_grad() = torch::full({1}, 4.0);
  return weight;
}

double after_steps(const OptimizerOptions& options, int steps) {
  const torch::Tensor weight = weight_with_gradient();
  const auto optimizer = make_optimizer(options, {weight});
  for (int step = 0; step < steps; ++step) {
    optimizer->step();
  }
  return weight.item<double>();
}

TEST(Optimizer, AdamsBiasCorrectedStepIsTheLearningRate) {
  // With a constant gradient m / (1 - beta1^t) = g and v / (1 - beta2^t) = g^2 at every step: each moves by
  // the rate.
  EXPECT_NEAR(after_steps(optimizer_options("adam", 0.1), 1), 1.9, 1e-6);
  EXPECT_NEAR(after_steps(optimizer_options("adam", 0.1), 3), 1.7, 1e-5);
}

TEST(Optimizer, AdamWShrinksTheWeightBesidesTheStep) {
  auto options = optimizer_options("adamw", 0.1);
  options.weight_decay = 0.5;
  EXPECT_NEAR(after_steps(options, 1), 2 * (1 - 0.1 * 0.5) - 0.1, 1e-6);
}

TEST(Optimizer, AdamTakesWeightDecayIntoTheGradient) {
  auto options = optimizer_options("adam", 0.1);
  options.weight_decay = 0.5;
  EXPECT_NEAR(after_steps(options, 1), 1.9, 1e-6);
}

TEST(Optimizer, SgdGathersMomentum) {
  auto options = optimizer_options("sgd", 0.1);
  options.momentum = 0.5;
  EXPECT_NEAR(after_steps(options, 2), 2 - 0.1 * 4 - 0.1 * (4 + 0.5 * 4), 1e-6);
}

TEST(Optimizer, AdadeltaFollowsZeiler) {
  const double average = 0.1 * 16;
  const double delta = std::sqrt(1e-6) / std::sqrt(average + 1e-6) * 4;
  EXPECT_NEAR(after_steps(optimizer_options("adadelta"), 1), 2 - delta, 1e-7);
}

TEST(Optimizer, ZeroTakesTheUsualLearningRate) {
  EXPECT_EQ(base_learning_rate(optimizer_options("adam")), 1e-3);
  EXPECT_EQ(base_learning_rate(optimizer_options("adadelta")), 1);
  EXPECT_EQ(base_learning_rate(optimizer_options("adadelta", 0.5)), 0.5);
}

class EveryOptimizer : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryOptimizer, TheLearningRateCanBeChanged) {
  const torch::Tensor weight = weight_with_gradient();
  const auto optimizer = make_optimizer(optimizer_options(GetParam(), 0.1), {weight});
  set_learning_rate(*optimizer, 0);
  optimizer->step();
  EXPECT_EQ(weight.item<double>(), 2);
}

TEST_P(EveryOptimizer, GoesOnExactlyAfterSavingAndLoading) {
  const auto options = optimizer_options(GetParam(), 0.1);
  const torch::Tensor uninterrupted = weight_with_gradient();
  const auto first = make_optimizer(options, {uninterrupted});
  first->step();
  first->step();
  const TemporaryFolder folder;
  write_safetensors(folder / "state", {optimizer_state(*first), {}});

  torch::Tensor resumed = weight_with_gradient();
  resumed.data().copy_(uninterrupted.data());
  const auto second = make_optimizer(options, {resumed});
  restore_optimizer(*second, read_safetensors(folder / "state").tensors);
  first->step();
  second->step();
  EXPECT_EQ(resumed.item<float>(), uninterrupted.item<float>());
}

TEST_P(EveryOptimizer, RefusesTheStateOfAnother) {
  const torch::Tensor weight = weight_with_gradient();
  const auto optimizer = make_optimizer(optimizer_options(GetParam(), 0.1), {weight});
  EXPECT_THROW(restore_optimizer(*optimizer, {{"somebody_elses.0", torch::zeros({})}}), c10::Error);
  optimizer->step();
  NamedTensors grown;
  for (const auto& [name, tensor] : optimizer_state(*optimizer)) {
    grown.emplace(name, torch::zeros({2, 2}));
  }
  EXPECT_THROW(restore_optimizer(*optimizer, grown), c10::Error);
}

INSTANTIATE_TEST_SUITE_P(All, EveryOptimizer,
                         ::testing::Values("adam", "adamw", "sgd", "rmsprop", "adadelta"));

}  // namespace
}  // namespace autoencoder
