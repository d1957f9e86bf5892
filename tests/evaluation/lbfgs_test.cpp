#include "evaluation/lbfgs.h"

#include <limits>

#include <gtest/gtest.h>
#include <torch/torch.h>

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

// The first step overshoots: |x|^4 far from its bottom is steeper than its curvature there tells.
TEST(Lbfgs, EveryStepLeadsDown) {
  double last = std::numeric_limits<double>::infinity();
  const auto quartic = [](const torch::Tensor& place) {
    return FunctionValue{place.pow(4).sum().item<double>(), 4 * place.pow(3)};
  };
  for (int64_t steps = 0; steps < 30; ++steps) {
    const Minimum found = minimise(quartic, torch::tensor({3.0, -0.2}, torch::kFloat64),
                                   {.max_steps = steps, .tolerance = 1e-12});
    const double value = quartic(found.place).value;
    EXPECT_LT(value, last) << steps;
    last = value;
  }
  EXPECT_LT(last, 1e-6);
}

}  // namespace
}  // namespace autoencoder
