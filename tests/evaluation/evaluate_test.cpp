#include "evaluation/evaluate.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "models/registry.h"

namespace autoencoder {
namespace {

// Says the same grey of every image.
class Grey : public Autoencoder {
 public:
  explicit Grey(double value) : Autoencoder({1, 8, 8}, {1, 1, 1}), value_(value) {
    register_parameter("unused", torch::zeros({1}));
  }
  std::vector<Stage> stages() override { return {}; }

 private:
  Tensor do_encode(const Tensor& input) override { return torch::zeros({input.size(0), 1}); }
  Tensor do_decode(const Tensor& code) override { return torch::full({code.size(0), 1, 8, 8}, value_); }
  Loss do_loss(const Batch& /*batch*/, const Step& /*step*/) override { return {}; }

  double value_;
};

// Half of the images black, half white; more of them than one batch holds.
Dataset black_and_white() {
  torch::Tensor images = torch::zeros({1500, 1, 8, 8}, torch::kUInt8);
  images.narrow(0, 0, 750).fill_(255);
  return {images, {}, {}};
}

TEST(Evaluate, FiguresOfGreyAgainstBlackAndWhite) {
  Grey model(0.25);
  const Evaluation result = evaluate(model, black_and_white(), {});
  EXPECT_EQ(result.images, 1500);
  EXPECT_NEAR(result.mse, (0.25 * 0.25 + 0.75 * 0.75) / 2, 1e-6);
  EXPECT_NEAR(result.mae, 0.5, 1e-6);
  EXPECT_NEAR(result.psnr.value(), (-20 * std::log10(0.25) - 20 * std::log10(0.75)) / 2, 1e-4);
  EXPECT_NEAR(result.bce.value(), -(std::log(0.75) + std::log(0.25)) / 2, 1e-5);
  EXPECT_FALSE(result.elbo);
}

TEST(Evaluate, CrossEntropyDoesNotApplyOutsideTheUnitRange) {
  Grey model(1.5);
  EXPECT_FALSE(evaluate(model, black_and_white(), {}).bce);
}

TEST(Evaluate, TheBoundIsMinusItsParts) {
  torch::manual_seed(0);
  const auto model = make_model({{"model", "vae"}, {"hidden", {8}}, {"latent-dim", 2}}, {1, 8, 8});
  model->eval();
  const Evaluation result = evaluate(*model, black_and_white(), {.seed = 1});
  EXPECT_NEAR(result.elbo.value(), -(result.reconstruction.value() + result.kl.value()), 1e-9);
  EXPECT_LT(result.elbo.value(), 0);
  EXPECT_EQ(evaluate(*model, black_and_white(), {.seed = 1}).elbo, result.elbo);
  EXPECT_NE(evaluate(*model, black_and_white(), {.seed = 2}).elbo, result.elbo);
}

TEST(Evaluate, TheModelSeesTheCorruptedInputAndIsHeldToTheCleanOne) {
  torch::manual_seed(0);
  const auto model = make_model({{"model", "dense"}, {"hidden", {8}}, {"latent-dim", 2}}, {1, 8, 8});
  model->eval();
  const Evaluation clean = evaluate(*model, black_and_white(), {});
  EXPECT_FALSE(clean.corrupted_psnr);
  // Masked whole, every image looks black.
  const Evaluation blind = evaluate(*model, black_and_white(), {.corruption = Corruption("masking:1")});
  EXPECT_NEAR(blind.corrupted_mse.value(), 0.5, 1e-6);
  const torch::Tensor black = model->forward(torch::zeros({1, 1, 8, 8}));
  const double expected = 0.5 * (black.square().mean() + (1 - black).square().mean()).item<double>();
  EXPECT_NEAR(blind.mse, expected, 1e-5);
}

TEST(Evaluate, VectorsHaveNoSignalToNoiseRatioAndNoStructure) {
  torch::manual_seed(0);
  const auto model = make_model({{"model", "dense"}, {"hidden", {8}}, {"latent-dim", 2}}, {1, 1, 5});
  const Evaluation result = evaluate(*model, {torch::rand({20, 1, 1, 5}), {}, {}}, {});
  EXPECT_GT(result.mse, 0);
  EXPECT_FALSE(result.psnr);
  EXPECT_FALSE(result.ssim);
}

// The linear code x -> w x moves by |w| times the noise, whatever the scale of w.
TEST(Evaluate, TheShiftOfTheCodeIsInUnitsOfItsSpread) {
  torch::manual_seed(0);
  const auto model = make_model({{"model", "linear"}, {"latent-dim", 1}}, {1, 1, 1});
  const Dataset data = {torch::randn({5000, 1, 1, 1}), {}, {}};
  EXPECT_NEAR(evaluate(*model, data, {}).code_shift, kShift, 0.003);
}

}  // namespace
}  // namespace autoencoder
