#include "evaluation/lbfgs.h"

#include <limits>

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

// sum of curvature_i * (x_i - 1)^2 / 2, counting how often it is asked for.
struct Bowl {
  torch::Tensor curvatures;
  int64_t calls = 0;

  FunctionValue operator()(const torch::Tensor& place) {
    ++calls;
    const torch::Tensor offset = place - 1;
    return {(curvatures * offset.square()).sum().item<double>() / 2, curvatures * offset};
  }
};

torch::Tensor curvatures(const std::vector<double>& values) { return torch::tensor(values, torch::kFloat64); }

Minimum minimise_bowl(Bowl& bowl, const LbfgsOptions& options) {
  return minimise([&](const torch::Tensor& place) { return bowl(place); }, torch::zeros_like(bowl.curvatures),
                  options);
}

TEST(Lbfgs, FindsTheBottomOfALongValleyInFewSteps) {
  Bowl bowl = {curvatures({1000, 30, 1, 0.3, 0.01})};
  const Minimum found = minimise_bowl(bowl, {.max_steps = 100, .tolerance = 1e-9});
  EXPECT_TRUE(found.converged);
  EXPECT_TRUE(torch::allclose(found.place, torch::ones({5}, torch::kFloat64), 0, 1e-6));
  EXPECT_LT(bowl.calls, 60);  // steepest descent would take a hundred thousand
}

TEST(Lbfgs, StopsAtTheLimitOfItsSteps) {
  Bowl bowl = {curvatures({1000, 1, 0.01})};
  EXPECT_FALSE(minimise_bowl(bowl, {.max_steps = 3, .tolerance = 1e-9}).converged);
}

TEST(Lbfgs, AtTheBottomItStays) {
  Bowl bowl = {curvatures({0, 0})};
  const Minimum found = minimise_bowl(bowl, {});
  EXPECT_TRUE(found.converged);
  EXPECT_TRUE(torch::equal(found.place, torch::zeros({2}, torch::kFloat64)));
  EXPECT_EQ(bowl.calls, 1);
}

// sqrt(1 + x^2) is all but straight far from its bottom: curvature estimated there sends the next step far
// beyond.
TEST(Lbfgs, EveryStepLeadsDownWhereCurvatureMisleads) {
  const auto hyperbola = [](const torch::Tensor& place) {
    const torch::Tensor values = (1 + place.square()).sqrt();
    return FunctionValue{values.sum().item<double>(), place / values};
  };
  double last = std::numeric_limits<double>::infinity();
  for (int64_t steps = 0; steps < 30; ++steps) {
    const Minimum found = minimise(hyperbola, torch::tensor({30.0, -2.0}, torch::kFloat64),
                                   {.max_steps = steps, .tolerance = 1e-6});
    const double value = hyperbola(found.place).value;
    EXPECT_LE(value, last) << steps;
    last = value;
  }
  EXPECT_NEAR(last, 2, 1e-9);
}

}  // namespace
}  // namespace autoencoder
