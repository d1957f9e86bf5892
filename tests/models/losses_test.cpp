#include "models/losses.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "evaluation/metrics.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::HasSubstr;

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

ReconstructionLoss picture_loss(const std::string& name) { return choice_named(picture_losses(), name); }

// The mean of an element, of each picture.
torch::Tensor mean_error(const std::string& loss, const torch::Tensor& picture, const torch::Tensor& target) {
  return summed_reconstruction_error(picture_loss(loss), picture, Activation::kNone, target) /
         static_cast<double>(target[0].numel());
}

class PictureLosses : public ::testing::Test {
 protected:
  PictureLosses() {
    torch::manual_seed(6);
    target_ = torch::rand({2, 3, 20, 24});
    picture_ = 0.5 * target_ + 0.5 * torch::rand_like(target_);
  }

  torch::Tensor target_, picture_;
};

TEST_F(PictureLosses, AreWhatIsMissingFromTheSimilarityAndTheErrorsOfElements) {
  const torch::Tensor missing = 1 - structural_similarity(target_, picture_);
  EXPECT_TRUE(torch::allclose(mean_error("ssim", picture_, target_), missing, 1e-4, 1e-6));
  EXPECT_TRUE(torch::allclose(mean_error("ssim+l1", picture_, target_),
                              missing + mean_absolute_error(target_, picture_), 1e-4, 1e-6));
  EXPECT_TRUE(torch::allclose(mean_error("ssim+mse", picture_, target_),
                              missing + mean_squared_error(target_, picture_), 1e-4, 1e-6));
}

TEST_F(PictureLosses, AreOfTheActivatedLogits) {
  const torch::Tensor errors = summed_reconstruction_error(picture_loss("ssim+l1"), torch::logit(picture_),
                                                           Activation::kSigmoid, target_);
  EXPECT_TRUE(torch::allclose(errors / static_cast<double>(target_[0].numel()),
                              mean_error("ssim+l1", picture_, target_), 1e-4, 1e-5));
}

// By hand where all scales are alike: one picture is a constant, the other another one. Contrast and
// structure are 1, and what is left is the luminance of the coarsest scale.
TEST_F(PictureLosses, ThoseOfFiveScalesWeighTheCoarsestOnesLuminance) {
  const torch::Tensor target = torch::full({1, 1, 176, 176}, 0.5);
  const double luminance = (2 * 0.5 * 0.3 + 1e-4) / (0.5 * 0.5 + 0.3 * 0.3 + 1e-4);
  EXPECT_NEAR(mean_error("ms-ssim", torch::full_like(target, 0.3), target).item<double>(),
              1 - std::pow(luminance, 0.1333), 1e-3);
}

TEST_F(PictureLosses, OfFiveScalesAreZeroOfEqualPicturesAndHaveAGradientWhereNoneIsAlike) {
  const torch::Tensor target = torch::rand({1, 2, 180, 177});
  EXPECT_NEAR(mean_error("ms-ssim", target, target).item<double>(), 0, 1e-5);
  const torch::Tensor opposite = (1 - target).requires_grad_();
  const torch::Tensor gradient =
      torch::autograd::grad({mean_error("ms-ssim", opposite, target).sum()}, {opposite}).front();
  EXPECT_TRUE(gradient.isfinite().all().item<bool>());
}

TEST_F(PictureLosses, NameTheSmallestPictureThatTheyTake) {
  const auto refusal = [](const std::string& loss, const ImageShape& shape) {
    return testing::error_of([&] { check_loss(picture_loss(loss), Activation::kSigmoid, shape); });
  };
  EXPECT_NO_THROW(check_loss(picture_loss("ssim"), Activation::kSigmoid, {1, 11, 11}));
  EXPECT_NO_THROW(check_loss(picture_loss("ms-ssim"), Activation::kSigmoid, {3, 176, 200}));
  EXPECT_THAT(refusal("ssim+mse", {1, 10, 28}),
              HasSubstr("loss ssim+mse takes pictures of 11x11 and larger, not 10x28; use --loss mse"));
  EXPECT_THAT(refusal("ssim", {1, 1, 64}), HasSubstr("not 64 numbers"));
  EXPECT_THAT(refusal("ms-ssim", {3, 128, 128}),
              HasSubstr("loss ms-ssim takes pictures of 176x176 and larger, not 3x128x128; use --loss ssim"));
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
