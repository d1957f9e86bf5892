// Ridge regression against its definition.
#include "evaluation/ridge_regression.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

struct Problem {
  torch::Tensor features;
  torch::Tensor targets;
};

Problem noisy_problem() {
  torch::manual_seed(0);
  const torch::Tensor features = torch::randn({40, 3}, torch::kFloat64) * 5 + 2;
  const torch::Tensor weight = torch::tensor({1.0, -2.0, 0.0}, torch::kFloat64);
  return {features, features.mv(weight) + 3 + 20 * torch::randn({40}, torch::kFloat64)};
}

// (X'X + penalty I)^-1 X'y on standardised features.
TEST(RidgeRegression, SolvesTheNormalEquations) {
  const auto [features, targets] = noisy_problem();
  const RidgeRegression fit = fit_ridge_regression(features, targets, {7.0});
  const torch::Tensor x = (features - features.mean(0)) / features.std(0, false);
  const torch::Tensor y = targets - targets.mean();
  const torch::Tensor expected =
      torch::linalg_solve(x.t().mm(x) + 7 * torch::eye(3, torch::kFloat64), x.t().mv(y), true);
  EXPECT_TRUE(torch::allclose(fit.weight, expected));
  EXPECT_TRUE(torch::allclose(fit.predict(features), x.mv(expected) + targets.mean()));
}

// Each example predicted by a fit to all others, with what standardises all of them.
double left_out_error(const torch::Tensor& x, const torch::Tensor& targets, double penalty) {
  double error = 0;
  for (int64_t i = 0; i < x.size(0); ++i) {
    const torch::Tensor others = torch::cat({x.slice(0, 0, i), x.slice(0, i + 1)});
    const torch::Tensor values = torch::cat({targets.slice(0, 0, i), targets.slice(0, i + 1)});
    const torch::Tensor centre = others.mean(0);
    const torch::Tensor centred = others - centre;
    const torch::Tensor weight =
        torch::linalg_solve(centred.t().mm(centred) + penalty * torch::eye(x.size(1), torch::kFloat64),
                            centred.t().mv(values - values.mean()), true);
    const torch::Tensor predicted = (x[i] - centre).dot(weight) + values.mean();
    error += (predicted - targets[i]).square().item<double>();
  }
  return error;
}

TEST(RidgeRegression, ChoosesThePenaltyThatPredictsWhatWasLeftOut) {
  const auto [features, targets] = noisy_problem();
  const std::vector<double> penalties = {0.01, 0.1, 1, 10, 100};
  const torch::Tensor x = (features - features.mean(0)) / features.std(0, false);
  double best = penalties.front();
  for (const double penalty : penalties) {
    best = left_out_error(x, targets, penalty) < left_out_error(x, targets, best) ? penalty : best;
  }
  EXPECT_EQ(fit_ridge_regression(features, targets, penalties).penalty, best);
  EXPECT_NE(best, penalties.front());
  EXPECT_NE(best, penalties.back());
}

TEST(RidgeRegression, TakesConstantFeaturesAndFewerExamplesThanFeatures) {
  torch::manual_seed(1);
  torch::Tensor features = torch::randn({5, 12}, torch::kFloat64);
  features.select(1, 4).fill_(3);
  const torch::Tensor targets = torch::randn({5}, torch::kFloat64);
  const RidgeRegression fit = fit_ridge_regression(features, targets, {0.1, 1});
  EXPECT_TRUE(fit.predict(features).isfinite().all().item<bool>());
  EXPECT_NEAR(fit.weight[4].item<double>(), 0, 1e-9);
}

}  // namespace
}  // namespace autoencoder
