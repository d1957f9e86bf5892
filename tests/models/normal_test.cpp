#include "models/normal.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

using torch::Tensor;
using torch::autograd::grad;

TEST(Normal, KlOfTheStandardNormalIsZeroAndOfAShiftHalfItsSquare) {
  const auto kl = [](double mean, double log_variance) {
    return kl_divergence(torch::full({1, 1}, mean), torch::full({1, 1}, log_variance)).item<double>();
  };
  EXPECT_NEAR(kl(0, 0), 0, 1e-7);
  EXPECT_NEAR(kl(3, 0), 4.5, 1e-6);
  EXPECT_NEAR(kl(0, 1), 0.5 * (std::numbers::e - 2), 1e-6);
}

TEST(Normal, KlSumsOverTheCodeAndNotOverTheBatch) {
  const torch::Tensor mean = torch::tensor({{1.0, 2.0}, {0.0, 0.0}, {2.0, 2.0}});
  const torch::Tensor expected = torch::tensor({2.5, 0.0, 4.0}, torch::kFloat32);
  EXPECT_TRUE(torch::allclose(kl_divergence(mean, torch::zeros_like(mean)), expected));
}

TEST(Normal, KlEqualsItsMonteCarloEstimate) {
  // KL(q || p) = E_q [log q(z) - log p(z)]
  torch::manual_seed(1);
  const torch::Tensor mean = torch::tensor({{0.5, -1.0}}, torch::kFloat64);
  const torch::Tensor log_variance = torch::tensor({{-0.7, 0.4}}, torch::kFloat64);
  const torch::Tensor noise = torch::randn({400000, 2}, torch::kFloat64);
  const torch::Tensor samples = mean + torch::exp(0.5 * log_variance) * noise;
  const torch::Tensor estimate =
      (-0.5 * noise.square() - 0.5 * log_variance + 0.5 * samples.square()).sum(1).mean();
  EXPECT_NEAR(kl_divergence(mean, log_variance).item<double>(), estimate.item<double>(), 0.01);
}

// Values, gradients and second derivatives of two ways to compute one thing.
void expect_same_derivatives(const Tensor& ours, const Tensor& theirs, const std::vector<Tensor>& sources) {
  ASSERT_EQ(ours.sizes(), theirs.sizes());
  EXPECT_TRUE(torch::allclose(ours, theirs, 1e-5, 1e-6));
  const Tensor weights = torch::linspace(0.5, 2, ours.numel(), ours.options()).view(ours.sizes());
  const auto first = [&](const Tensor& output) {
    return grad({(output * weights).sum()}, sources, {}, /*retain_graph=*/true, /*create_graph=*/true);
  };
  const auto our_gradients = first(ours);
  const auto their_gradients = first(theirs);
  for (size_t i = 0; i < sources.size(); ++i) {
    EXPECT_TRUE(torch::allclose(our_gradients[i], their_gradients[i], 1e-5, 1e-6)) << i;
    const auto second = [&](const std::vector<Tensor>& gradients) {
      return grad({(gradients[i].square() + gradients[i] * sources[0] * sources[1]).sum()}, sources, {},
                  /*retain_graph=*/true);
    };
    const auto our_seconds = second(our_gradients);
    const auto their_seconds = second(their_gradients);
    for (size_t j = 0; j < sources.size(); ++j) {
      EXPECT_TRUE(torch::allclose(our_seconds[j], their_seconds[j], 1e-4, 1e-5)) << i << " " << j;
    }
  }
}

class NormalDerivatives : public ::testing::Test {
 protected:
  NormalDerivatives() {
    torch::manual_seed(3);
    mean_ = torch::randn({4, 3}).requires_grad_();
    log_variance_ = torch::randn({4, 3}).requires_grad_();
  }

  Tensor mean_;
  Tensor log_variance_;
};

TEST_F(NormalDerivatives, OfTheDivergenceAreThoseOfItsFormula) {
  const Tensor formula = -0.5 * (1 + log_variance_ - mean_.square() - log_variance_.exp());
  expect_same_derivatives(kl_divergence_by_dimension(mean_, log_variance_), formula, {mean_, log_variance_});
}

TEST_F(NormalDerivatives, OfADrawAreThoseOfItsFormula) {
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{4, 3}, std::vector<int64_t>{5, 4, 3}}) {
    const Tensor noise = torch::randn(sizes);
    const Tensor formula = mean_ + torch::exp(0.5 * log_variance_) * noise;
    expect_same_derivatives(draw_normal(mean_, log_variance_, noise), formula, {mean_, log_variance_});
  }
}

TEST(Normal, DivergenceOfNearlyStandardNormalsKeepsItsDigits) {
  // e^x - 1 - x is x^2 / 2 for small x; the difference of e^x and 1 would lose it in float32.
  const Tensor divergence = kl_divergence(torch::zeros({1, 1}), torch::full({1, 1}, 1e-2));
  EXPECT_NEAR(divergence.item<double>(), (std::exp(1e-2) - 1 - 1e-2) / 2, 1e-8);
}

}  // namespace
}  // namespace autoencoder
