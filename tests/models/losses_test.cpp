#include "models/losses.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace autoencoder {
namespace {

double error(const std::string& loss, double logit, const std::string& activation, double target) {
  return reconstruction_error(loss, torch::tensor(logit), activation, torch::tensor(target)).item<double>();
}

TEST(Losses, ValuesWorkedOutByHand) {
  EXPECT_NEAR(error("mse", 3, "none", 1), 4, 1e-6);
  EXPECT_NEAR(error("l1", 3, "none", 1), 2, 1e-6);
  EXPECT_NEAR(error("huber", 3, "none", 1), 1.5, 1e-6);
  EXPECT_NEAR(error("huber", 1.5, "none", 1), 0.125, 1e-6);
  EXPECT_NEAR(error("mse", 0, "sigmoid", 1), 0.25, 1e-6);
  // sigmoid(log 3) = 3/4
  EXPECT_NEAR(error("bce", std::log(3), "sigmoid", 1), -std::log(0.75), 1e-6);
  EXPECT_NEAR(error("bce", std::log(3), "sigmoid", 0.5), -0.5 * std::log(0.75) - 0.5 * std::log(0.25), 1e-6);
}

TEST(Losses, CrossEntropyIsExactWhereTheSigmoidSaturates) {
  EXPECT_NEAR(error("bce", 200, "sigmoid", 0), 200, 1e-4);
}

TEST(Losses, ShapeIsThatOfTheTarget) {
  const torch::Tensor target = torch::rand({2, 1, 3, 4});
  for (const std::string& loss : reconstruction_loss_names()) {
    EXPECT_EQ(reconstruction_error(loss, torch::randn_like(target), "sigmoid", target).sizes(),
              target.sizes())
        << loss;
  }
}

TEST(Losses, KlOfTheStandardNormalIsZeroAndOfAShiftHalfItsSquare) {
  const auto kl = [](double mean, double log_variance) {
    return kl_divergence(torch::full({1, 1}, mean), torch::full({1, 1}, log_variance)).item<double>();
  };
  EXPECT_NEAR(kl(0, 0), 0, 1e-7);
  EXPECT_NEAR(kl(3, 0), 4.5, 1e-6);
  EXPECT_NEAR(kl(0, 1), 0.5 * (std::numbers::e - 2), 1e-6);
}

TEST(Losses, KlSumsOverTheCodeAndNotOverTheBatch) {
  const torch::Tensor mean = torch::tensor({{1.0, 2.0}, {0.0, 0.0}, {2.0, 2.0}});
  const torch::Tensor expected = torch::tensor({2.5, 0.0, 4.0}, torch::kFloat32);
  EXPECT_TRUE(torch::allclose(kl_divergence(mean, torch::zeros_like(mean)), expected));
}

TEST(Losses, KlEqualsItsMonteCarloEstimate) {
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

}  // namespace
}  // namespace autoencoder
