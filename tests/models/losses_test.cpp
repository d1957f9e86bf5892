#include "models/losses.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace autoencoder {
namespace {

double error(const std::string& loss, double logit, const std::string& activation, double target) {
  return reconstruction_error(choice_named(reconstruction_losses(), loss), torch::tensor(logit),
                              choice_named(activations(), activation), torch::tensor(target))
      .item<double>();
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
  for (const auto& [name, loss] : reconstruction_losses()) {
    EXPECT_EQ(reconstruction_error(loss, torch::randn_like(target), Activation::kSigmoid, target).sizes(),
              target.sizes())
        << name;
  }
}

}  // namespace
}  // namespace autoencoder
