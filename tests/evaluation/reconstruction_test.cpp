#include "evaluation/reconstruction.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "evaluation/examples_at_once.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

const ImageShape kPoint = {1, 1, 2};

torch::Tensor as_points(const torch::Tensor& numbers) { return numbers.view({-1, 1, 1, 2}); }

// Of points that vary most in their first number, about (10, 20): the code of (x, y) is x - 10, and stands
// for (x, 20).
std::shared_ptr<Autoencoder> first_number_kept() {
  auto model = make_model({{"model", "pca"}, {"latent-dim", 1}}, kPoint);
  const torch::NoGradGuard no_grad;
  model->prepare(as_points(torch::tensor({{12.0F, 20.0F}, {8.0F, 20.0F}, {10.0F, 21.0F}, {10.0F, 19.0F}})));
  model->eval();
  return model;
}

std::shared_ptr<Autoencoder> masked_model() {
  torch::manual_seed(0);
  auto model = make_model({{"model", "masked"},
                           {"patch-size", 2},
                           {"width", 8},
                           {"heads", 2},
                           {"depth", 1},
                           {"decoder-width", 8}},
                          {1, 8, 8});
  model->eval();
  return model;
}

std::vector<std::string> captions_of(const std::vector<Panel>& panels) {
  std::vector<std::string> captions;
  for (const Panel& panel : panels) {
    captions.push_back(panel.caption);
  }
  return captions;
}

TEST(Reconstruct, GivesCodesAndWhatTheyStandFor) {
  const auto model = first_number_kept();
  const torch::Tensor points = as_points(torch::tensor({{13.0F, 25.0F}, {9.0F, 20.0F}}));
  const Reconstruction seen = reconstruct(*model, points, Corruption());
  EXPECT_TRUE(torch::equal(seen.originals, points));
  EXPECT_TRUE(seen.between.empty());
  EXPECT_TRUE(torch::allclose(seen.codes, torch::tensor({{3.0F}, {-1.0F}})));
  EXPECT_TRUE(
      torch::allclose(seen.reconstructions, as_points(torch::tensor({{13.0F, 20.0F}, {9.0F, 20.0F}}))));
  EXPECT_FALSE(seen.code_is_picture);
}

TEST(Reconstruct, TakesBytesAsSharesOf255) {
  const auto model = first_number_kept();
  const torch::Tensor bytes = as_points(torch::tensor({51, 255})).to(torch::kUInt8);
  const Reconstruction seen = reconstruct(*model, bytes, Corruption());
  EXPECT_TRUE(torch::allclose(seen.originals, as_points(torch::tensor({0.2F, 1.0F}))));
  EXPECT_TRUE(torch::allclose(seen.codes, torch::tensor({{-9.8F}})));
}

TEST(Reconstruct, TheModelSeesTheCorruptedInput) {
  const auto model = first_number_kept();
  const torch::Tensor points = as_points(torch::tensor({13.0F, 25.0F}));
  const Reconstruction seen = reconstruct(*model, points, Corruption("masking:1"));
  EXPECT_TRUE(torch::equal(seen.originals, points));
  ASSERT_EQ(captions_of(seen.between), std::vector<std::string>{"corrupted"});
  EXPECT_TRUE(torch::equal(seen.between[0].images, torch::zeros({1, 1, 1, 2})));
  EXPECT_TRUE(torch::allclose(seen.codes, torch::tensor({{-10.0F}})));
  EXPECT_TRUE(torch::allclose(seen.reconstructions, as_points(torch::tensor({0.0F, 20.0F})), 1e-5, 1e-5));
}

TEST(Reconstruct, TheNoiseIsTheSameInEveryCall) {
  const auto model = first_number_kept();
  const torch::Tensor points = as_points(torch::ones({5, 2}));
  const Corruption noise("gaussian:0.5");
  const Reconstruction first = reconstruct(*model, points, noise);
  const Reconstruction second = reconstruct(*model, points, noise);
  EXPECT_FALSE(torch::equal(first.between.at(0).images, points));
  EXPECT_TRUE(torch::equal(first.between.at(0).images, second.between.at(0).images));
  EXPECT_TRUE(torch::equal(first.codes, second.codes));
}

// Three quarters of the 16 patches of each image are hidden in mid-grey.
TEST(Reconstruct, TheModelsOwnPanelsAreOfTheCorruptedInput) {
  const auto model = masked_model();
  const torch::Tensor images = torch::ones({3, 1, 8, 8});
  EXPECT_EQ(captions_of(reconstruct(*model, images, Corruption()).between),
            (std::vector<std::string>{"masked", "filled in"}));
  const Reconstruction seen = reconstruct(*model, images, Corruption("masking:1"));
  ASSERT_EQ(captions_of(seen.between), (std::vector<std::string>{"corrupted", "masked", "filled in"}));
  const torch::Tensor& masked = seen.between[1].images;
  EXPECT_EQ((masked == 0.5).sum().item<int64_t>(), 3 * 48);
  EXPECT_EQ((masked == 0).sum().item<int64_t>(), 3 * 16);
}

TEST(Reconstruct, TellsACodeOfOneChannelFromOneThatIsNoPicture) {
  const torch::Tensor images = torch::rand({2, 1, 16, 16});
  const auto is_picture = [&](const Json& more) {
    Json options = {{"model", "conv"}, {"channels", {4}}};
    options.update(more);
    const auto model = make_model(options, {1, 16, 16});
    model->eval();
    return reconstruct(*model, images, Corruption()).code_is_picture;
  };
  EXPECT_TRUE(is_picture({{"code-channels", 1}}));
  EXPECT_FALSE(is_picture({{"code-channels", 2}}));  // no one picture
  EXPECT_FALSE(is_picture({{"latent-dim", 1}}));
}

TEST(Decoded, IsWhatCodesStandFor) {
  const auto model = first_number_kept();
  EXPECT_TRUE(torch::allclose(decoded(*model, torch::tensor({{3.0F}, {0.0F}})),
                              as_points(torch::tensor({{13.0F, 20.0F}, {10.0F, 20.0F}}))));
}

// Keeps the largest number of codes that it was given at a time.
class Counting : public Autoencoder {
 public:
  Counting() : Autoencoder(kPoint, {1, 1, 2}) { register_parameter("unused", torch::zeros({1})); }
  std::vector<Stage> stages() override { return {}; }

  int64_t most = 0;

 private:
  Tensor do_encode(const Tensor& input) override { return input.flatten(1); }
  Tensor do_decode(const Tensor& code) override {
    most = std::max(most, code.size(0));
    return as_points(code);
  }
  Loss do_loss(const Batch& /*batch*/, const Step& /*step*/) override { return {}; }
};

TEST(Decoded, OfManyCodesIsSoManyAtATime) {
  Counting model;
  const int64_t at_once = examples_at_once(model.input_shape());
  const torch::Tensor codes = torch::arange(4.0 * static_cast<double>(at_once) + 2).view({-1, 2});
  EXPECT_TRUE(torch::equal(decoded(model, codes), as_points(codes)));
  EXPECT_EQ(model.most, at_once);
  EXPECT_EQ(decoded(model, codes.narrow(0, 0, 0)).size(0), 0);
}

TEST(ExamplesAtOnce, AreFewerOfLargePictures) {
  EXPECT_EQ(examples_at_once({1, 28, 28}), 64);
  EXPECT_EQ(examples_at_once({3, 512, 512}), 5);
  EXPECT_EQ(examples_at_once({3, 4096, 4096}), 1);
}

TEST(Decoded, HasNoGradient) {
  const auto model = make_model({{"model", "dense"}, {"latent-dim", 1}}, kPoint);
  EXPECT_FALSE(decoded(*model, torch::zeros({1, 1})).requires_grad());
}

TEST(PriorSamples, ThereAreNoneOfAModelWithoutAPrior) {
  EXPECT_FALSE(prior_samples(*first_number_kept()).has_value());
}

// With a decoder that gives (z, 2 z + 5) for a code of z.
TEST(PriorSamples, AreDecodedFromStandardNormalCodes) {
  const auto model = make_model({{"model", "vae"},
                                 {"hidden", Json::array()},
                                 {"latent-dim", 1},
                                 {"loss", "mse"},
                                 {"output-activation", "none"}},
                                kPoint);
  model->eval();
  {
    const torch::NoGradGuard no_grad;
    auto parameters = model->named_parameters();
    parameters["decoder.0.weight"].copy_(torch::tensor({{1.0F}, {2.0F}}));
    parameters["decoder.0.bias"].copy_(torch::tensor({0.0F, 5.0F}));
  }
  const auto samples = prior_samples(*model);
  ASSERT_TRUE(samples.has_value());
  ASSERT_EQ(samples->sizes(), torch::IntArrayRef({64, 1, 1, 2}));
  const torch::Tensor codes = samples->select(3, 0).flatten();
  EXPECT_TRUE(torch::allclose(samples->select(3, 1).flatten(), 2 * codes + 5));
  EXPECT_NEAR(codes.mean().item<double>(), 0, 4.0 / 8);            // four standard errors
  EXPECT_NEAR(codes.std().item<double>(), 1, 4 / std::sqrt(128));  // likewise
  EXPECT_TRUE(torch::equal(*samples, *prior_samples(*model)));
}

TEST(PicturedExamples, ArePointsOfThePlaneAndOfSpace) {
  EXPECT_TRUE(are_points({1, 1, 2}));
  EXPECT_TRUE(are_points({1, 1, 3}));
  EXPECT_FALSE(are_points({1, 1, 1}));
  EXPECT_FALSE(are_points({1, 1, 4}));
  EXPECT_FALSE(are_points({1, 2, 2}));
  EXPECT_FALSE(are_points({2, 1, 2}));
}

TEST(PicturedExamples, AreMoreOfPointsThanOfImages) {
  EXPECT_EQ(pictured_examples({1, 1, 2}), 1000);
  EXPECT_EQ(pictured_examples({1, 28, 28}), 20);
  EXPECT_EQ(pictured_examples({1, 1, 64}), 20);
}

// A prior that is not normal, nor made of as much noise as a code has numbers: one of D words, as a 1 among
// zeros. Each stands for a picture of its number.
class OneOfThree : public Autoencoder, public Generative {
 public:
  OneOfThree() : Autoencoder(kPoint, {3, 1, 1}) { register_parameter("unused", torch::zeros({1})); }
  std::vector<Stage> stages() override { return {}; }
  Generative* generative() override { return this; }
  Tensor sample_codes(int64_t count, const NoiseShape& /*noise*/, at::Generator rng) override {
    const Tensor words = torch::multinomial(torch::tensor({0.5, 0.5, 0.0}), count, true, std::move(rng));
    return torch::one_hot(words, 3).to(torch::kFloat32);
  }
  Tensor draw_codes(const Tensor&, at::Generator) override { return {}; }
  Tensor draw_examples(const Tensor&, at::Generator) override { return {}; }
  bool has_likelihood() const override { return false; }
  EvidenceBound evidence_bound(const Tensor&, at::Generator) override { return {}; }
  Tensor log_likelihood(const Tensor&, int64_t, at::Generator) override { return {}; }

 private:
  Tensor do_encode(const Tensor& input) override { return input.flatten(1).narrow(1, 0, 1).repeat({1, 3}); }
  Tensor do_decode(const Tensor& code) override {
    return as_points(code.matmul(torch::tensor({{1.0F, 1.0F}, {2.0F, 2.0F}, {3.0F, 3.0F}})));
  }
  Loss do_loss(const Batch&, const Step&) override { return {}; }
};

TEST(PriorSamples, AreOfWhateverPriorTheModelHas) {
  OneOfThree model;
  const auto samples = prior_samples(model);
  ASSERT_TRUE(samples);
  const torch::Tensor words = samples->flatten(1).select(1, 0);
  EXPECT_TRUE((words == 1).any().item<bool>());
  EXPECT_TRUE((words == 2).any().item<bool>());
  EXPECT_TRUE((words <= 2).all().item<bool>());
}

}  // namespace
}  // namespace autoencoder
