#include "models/kernels/sigmoid_errors.h"

#include <limits>

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "models/losses.h"

namespace autoencoder {
namespace {

ReconstructionLoss loss_named(const std::string& name) { return choice_named(reconstruction_losses(), name); }

struct Errors {
  torch::Tensor values;
  torch::Tensor gradient;
};

Errors fused(const std::string& loss, const torch::Tensor& at, const torch::Tensor& target,
             const torch::Tensor& weights) {
  const torch::Tensor logits = at.clone().requires_grad_();
  const torch::Tensor errors =
      summed_reconstruction_error(loss_named(loss), logits, Activation::kSigmoid, target);
  (errors * weights).sum().backward();
  return {errors.detach(), logits.grad()};
}

Errors plain(const std::string& loss, const torch::Tensor& at, const torch::Tensor& target,
             const torch::Tensor& weights) {
  const torch::Tensor logits = at.to(torch::kFloat64).requires_grad_();
  const torch::Tensor errors =
      reconstruction_error(loss_named(loss), logits, Activation::kSigmoid, target.to(torch::kFloat64))
          .flatten(1)
          .sum(1);
  (errors * weights).sum().backward();
  return {errors.detach().to(torch::kFloat32), logits.grad().to(torch::kFloat32)};
}

class SigmoidErrors : public ::testing::TestWithParam<const char*> {};

TEST_P(SigmoidErrors, ValuesAndGradientsAreThoseOfThePlainLoss) {
  torch::manual_seed(3);
  for (const auto& sizes : std::vector<std::vector<int64_t>>{
           {5, 1, 28, 28}, {3, 3, 5, 7}, {1, 1, 1, 1}, {4, 1, 1, 63}, {4, 1, 1, 64}, {2, 1, 1, 65}}) {
    const torch::Tensor logits = 4 * torch::randn(sizes);
    const torch::Tensor target = torch::rand(sizes);
    const torch::Tensor weights = torch::rand({sizes[0]});
    ASSERT_TRUE(takes_sigmoid_errors(logits.clone().requires_grad_(), target));
    const Errors ours = fused(GetParam(), logits, target, weights);
    const Errors expected = plain(GetParam(), logits, target, weights);
    EXPECT_TRUE(torch::allclose(ours.values, expected.values, 1e-5, 1e-6)) << sizes;
    EXPECT_TRUE(torch::allclose(ours.gradient, expected.gradient, 1e-5, 1e-6)) << sizes;
  }
}

TEST_P(SigmoidErrors, AreExactWhereTheSigmoidSaturates) {
  const torch::Tensor logits = torch::tensor({-300.0F, -90.0F, -30.0F, 30.0F, 90.0F, 300.0F}).view({1, -1});
  for (const double value : {0.0, 0.25, 1.0}) {
    const torch::Tensor target = torch::full_like(logits, value);
    const Errors ours = fused(GetParam(), logits, target, torch::ones({1}));
    const Errors expected = plain(GetParam(), logits, target, torch::ones({1}));
    EXPECT_TRUE(torch::allclose(ours.values, expected.values)) << value;
    EXPECT_TRUE(torch::allclose(ours.gradient, expected.gradient)) << value;
  }
}

TEST_P(SigmoidErrors, AreNotANumberWhereALogitIsNone) {
  torch::Tensor logits = torch::zeros({2, 100});
  logits[1][70] = std::numeric_limits<float>::quiet_NaN();
  const Errors ours = fused(GetParam(), logits, torch::zeros_like(logits), torch::ones({2}));
  EXPECT_TRUE(ours.values[0].isfinite().item<bool>());
  EXPECT_TRUE(ours.values[1].isnan().item<bool>());
}

TEST_P(SigmoidErrors, RefuseASecondDerivative) {
  const torch::Tensor logits = torch::randn({2, 3}).requires_grad_();
  const torch::Tensor error =
      summed_reconstruction_error(loss_named(GetParam()), logits, Activation::kSigmoid, torch::rand({2, 3}))
          .sum();
  EXPECT_THROW(torch::autograd::grad({error}, {logits}, {}, /*retain_graph=*/true, /*create_graph=*/true),
               c10::Error);
}

TEST_P(SigmoidErrors, AreLeftToLibTorchWhereNoGradientIsWanted) {
  EXPECT_FALSE(takes_sigmoid_errors(torch::randn({2, 3}), torch::rand({2, 3})));
  const torch::NoGradGuard no_grad;
  EXPECT_FALSE(takes_sigmoid_errors(torch::randn({2, 3}).requires_grad_(), torch::rand({2, 3})));
}

INSTANTIATE_TEST_SUITE_P(Losses, SigmoidErrors, ::testing::Values("mse", "bce"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace autoencoder
