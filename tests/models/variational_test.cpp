#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/types.h>

#include "common/random.h"
#include "models/kernels/fused_layers.h"
#include "models/normal.h"
#include "models/registry.h"
#include "tests/support/train.h"

namespace autoencoder {
namespace {

const ImageShape kVariationalShape = {1, 8, 8};

std::shared_ptr<Autoencoder> small_vae(const Json& more = Json::object()) {
  torch::manual_seed(3);
  Json options = {{"model", "vae"}, {"hidden", {16}}, {"latent-dim", 4}};
  options.update(more);
  return make_model(options, kVariationalShape);
}

Batch batch_of(const torch::Tensor& input) { return {input, input, {}}; }

TEST(Variational, TotalIsReconstructionPlusBetaTimesKl) {
  const auto model = small_vae({{"beta", 4}});
  const Loss loss = model->loss(batch_of(torch::rand({6, 1, 8, 8})), {make_generator(1)});
  ASSERT_EQ(loss.terms[0].name, "reconstruction");
  ASSERT_EQ(loss.terms[1].name, "kl");
  EXPECT_NEAR(loss.total.item<double>(),
              loss.terms[0].value.item<double>() + 4 * loss.terms[1].value.item<double>(), 1e-4);
  EXPECT_GT(loss.terms[1].value.item<double>(), 0);
}

// A blank decoder gives probability 1/2 to every pixel: 64 log 2 nats an image, however large the batch.
TEST(Variational, TheReconstructionIsSummedOverPixelsAndAveragedOverTheBatch) {
  const auto model = small_vae();
  {
    const torch::NoGradGuard no_grad;
    for (const char* name : {"decoder.2.weight", "decoder.2.bias"}) {
      model->named_parameters()[name].zero_();
    }
  }
  for (const int64_t count : {1, 7}) {
    const Loss loss = model->loss(batch_of(torch::rand({count, 1, 8, 8})), {make_generator(1)});
    EXPECT_NEAR(loss.terms[0].value.item<double>(), 64 * std::log(2.0), 1e-3);
  }
}

TEST(Variational, TheCodeIsTheMeanAndTheKlIsOfBothHalves) {
  const auto model = small_vae();
  const torch::Tensor input = torch::rand({5, 1, 8, 8});
  torch::nn::Sequential encoder = model->stages()[0].layers;
  const torch::Tensor outputs = forward_fused(encoder, input);
  EXPECT_TRUE(torch::equal(model->encode(input), outputs.narrow(1, 0, 4)));
  const Loss loss = model->loss(batch_of(input), {make_generator(1)});
  const double expected =
      kl_divergence(outputs.narrow(1, 0, 4), outputs.narrow(1, 4, 4)).mean().item<double>();
  EXPECT_NEAR(loss.terms[1].value.item<double>(), expected, 1e-5);
}

TEST(Variational, TheBoundIsTheLossAtBetaOne) {
  const auto model = small_vae({{"beta", 9}});
  const torch::Tensor input = torch::rand({5, 1, 8, 8});
  Generative& generative = *model->generative();
  ASSERT_TRUE(generative.has_likelihood());
  const EvidenceBound bound = generative.evidence_bound(input, make_generator(2));
  const Loss loss = model->loss(batch_of(input), {make_generator(2)});
  EXPECT_EQ(bound.reconstruction.sizes(), (std::vector<int64_t>{5}));
  EXPECT_NEAR(bound.reconstruction.mean().item<double>(), loss.terms[0].value.item<double>(), 1e-3);
  EXPECT_NEAR(bound.kl_divergence.mean().item<double>(), loss.terms[1].value.item<double>(), 1e-4);
}

TEST(Variational, ThereIsNoBoundInNatsWithoutALikelihood) {
  const auto model = small_vae({{"loss", "mse"}});
  Generative& generative = *model->generative();
  EXPECT_FALSE(generative.has_likelihood());
  EXPECT_THROW(generative.evidence_bound(torch::rand({1, 1, 8, 8}), make_generator(0)), c10::Error);
}

TEST(Variational, SamplesOfTheLossSpreadByTheEncodersStandardDeviation) {
  // With the log variance at -100 the code is the mean; at 4 it is far from it.
  const auto model = small_vae();
  const torch::Tensor input = torch::rand({5, 1, 8, 8});
  const auto reconstruction = [&](double log_variance, uint64_t seed) {
    const torch::NoGradGuard no_grad;
    torch::nn::Sequential encoder = model->stages()[0].layers;
    model->named_parameters()["encoder.3.weight"].narrow(0, 4, 4).zero_();
    model->named_parameters()["encoder.3.bias"].narrow(0, 4, 4).fill_(log_variance);
    return model->loss(batch_of(input), {make_generator(seed)}).terms[0].value.item<double>();
  };
  EXPECT_NEAR(reconstruction(-100, 1), reconstruction(-100, 2), 1e-4);
  EXPECT_GT(std::abs(reconstruction(4, 1) - reconstruction(4, 2)), 1e-2);
}

TEST(Variational, CodesFromThePriorAreStandardNormal) {
  const auto model = small_vae();
  const torch::Tensor noise = torch::randn({5, 4}, make_generator(3));
  EXPECT_TRUE(torch::equal(model->generative()->sample_codes(5, {}, make_generator(3)), noise));
}

double loss_of(Autoencoder& model, const torch::Tensor& input, const Step& step) {
  const torch::NoGradGuard no_grad;
  return model.loss(batch_of(input), step).total.item<double>();
}

TEST(Variational, BetaRisesOverTheWarmUpAndIsWholeInValidation) {
  const auto model = small_vae({{"kl-warmup", 0.5}});
  const torch::Tensor input = torch::rand({6, 1, 8, 8});
  const auto kl_weight = [&](double progress) {
    const Loss loss = model->loss(batch_of(input), {make_generator(1), torch::tensor(progress)});
    return (loss.total - loss.terms[0].value).item<double>() / loss.terms[1].value.item<double>();
  };
  EXPECT_NEAR(kl_weight(0), 0, 1e-3);
  EXPECT_NEAR(kl_weight(0.25), 0.5, 1e-3);
  EXPECT_NEAR(kl_weight(0.75), 1, 1e-3);
  EXPECT_NEAR(kl_weight(1), 1, 1e-3);
}

TEST(Variational, FreeBitsCostNothing) {
  // A divergence far below what is free: every dimension costs the same.
  const auto model = small_vae({{"free-bits", 50}});
  const Loss loss = model->loss(batch_of(torch::rand({6, 1, 8, 8})), {make_generator(1)});
  EXPECT_NEAR((loss.total - loss.terms[0].value).item<double>(), 4 * 50, 1e-2);
}

TEST(Variational, TheGaussianLikelihoodIsNormalised) {
  // A decoder that says 1/2 of every pixel: 64 times -log N(x; 1/2, sigma).
  const auto model = small_vae({{"loss", "gaussian"}, {"sigma", 0.2}});
  {
    const torch::NoGradGuard no_grad;
    for (const char* name : {"decoder.2.weight", "decoder.2.bias"}) {
      model->named_parameters()[name].zero_();
    }
  }
  const double pixel = 0.5 * std::pow(0.3 / 0.2, 2) + std::log(0.2) + 0.5 * std::log(2 * M_PI);
  const Loss loss = model->loss(batch_of(torch::full({3, 1, 8, 8}, 0.8)), {make_generator(1)});
  EXPECT_NEAR(loss.terms[0].value.item<double>(), 64 * pixel, 1e-3);
}

TEST(Variational, ALearnedSigmaComesToTheErrorsOwn) {
  const auto model = small_vae({{"loss", "gaussian"}});
  ASSERT_TRUE(model->named_parameters().contains("log_sigma"));
  const torch::Tensor input = torch::rand({64, 1, 8, 8});
  testing::train(*model, input, 300, 1e-2);
  const double sigma = std::exp(model->named_parameters()["log_sigma"].item<double>());
  const double error = (model->forward(input) - input).square().mean().sqrt().item<double>();
  EXPECT_NEAR(sigma, error, 0.03);
}

// Burda et al. 2016, theorem 1: the bound rises with the number of samples, and from one sample on it is the
// evidence lower bound.
TEST(Variational, TheImportanceWeightedBoundRisesWithItsSamples) {
  const torch::Tensor input = torch::rand({200, 1, 8, 8});
  double before = -std::numeric_limits<double>::infinity();
  for (const int64_t samples : {1, 2, 8, 64}) {
    const auto model = small_vae({{"importance-samples", samples}});
    double bound = 0;
    for (uint64_t seed = 0; seed < 10; ++seed) {
      bound -= loss_of(*model, input, {make_generator(seed)}) / 10;
    }
    EXPECT_GT(bound, before) << samples;
    before = bound;
  }
}

// With a decoder that does not read the code, log p(x) is known: every pixel has probability 1/2.
TEST(Variational, TheEstimateOfTheLikelihoodIsExactWhereTheCodeDoesNotMatter) {
  const auto model = small_vae();
  {
    const torch::NoGradGuard no_grad;
    for (const char* name : {"decoder.2.weight", "decoder.2.bias"}) {
      model->named_parameters()[name].zero_();
    }
  }
  Generative& generative = *model->generative();
  const torch::Tensor input = torch::rand({5, 1, 8, 8});
  const torch::Tensor estimate = generative.log_likelihood(input, 20'000, make_generator(1));
  EXPECT_EQ(estimate.sizes(), (std::vector<int64_t>{5}));
  EXPECT_TRUE(torch::allclose(estimate, torch::full({5}, -64 * std::log(2.0)), 0, 0.1)) << estimate;
}

}  // namespace
}  // namespace autoencoder
