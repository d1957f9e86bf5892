#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/random.h"
#include "models/losses.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

const ImageShape kShape = {1, 8, 8};

std::shared_ptr<Autoencoder> small_vae(const Json& more = Json::object()) {
  torch::manual_seed(3);
  Json options = {{"model", "vae"}, {"hidden", {16}}, {"latent-dim", 4}};
  options.update(more);
  return make_model(options, kShape);
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
  const torch::Tensor outputs = encoder->forward(input);
  EXPECT_TRUE(torch::equal(model->encode(input), outputs.narrow(1, 0, 4)));
  const Loss loss = model->loss(batch_of(input), {make_generator(1)});
  const double expected =
      kl_divergence(outputs.narrow(1, 0, 4), outputs.narrow(1, 4, 4)).mean().item<double>();
  EXPECT_NEAR(loss.terms[1].value.item<double>(), expected, 1e-5);
}

TEST(Variational, TheBoundIsTheLossAtBetaOne) {
  const auto model = small_vae({{"beta", 9}});
  const torch::Tensor input = torch::rand({5, 1, 8, 8});
  auto& generative = dynamic_cast<Generative&>(*model);
  ASSERT_TRUE(generative.has_likelihood());
  const EvidenceBound bound = generative.evidence_bound(input, make_generator(2));
  const Loss loss = model->loss(batch_of(input), {make_generator(2)});
  EXPECT_EQ(bound.reconstruction.sizes(), (std::vector<int64_t>{5}));
  EXPECT_NEAR(bound.reconstruction.mean().item<double>(), loss.terms[0].value.item<double>(), 1e-3);
  EXPECT_NEAR(bound.kl_divergence.mean().item<double>(), loss.terms[1].value.item<double>(), 1e-4);
}

TEST(Variational, ThereIsNoBoundInNatsWithoutALikelihood) {
  const auto model = small_vae({{"loss", "mse"}});
  auto& generative = dynamic_cast<Generative&>(*model);
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
  const torch::Tensor codes = dynamic_cast<Generative&>(*model).sample_codes(20000, make_generator(4));
  EXPECT_EQ(codes.sizes(), (std::vector<int64_t>{20000, 4}));
  EXPECT_TRUE(torch::allclose(codes.mean(0), torch::zeros({4}), 0, 0.03));
  EXPECT_TRUE(torch::allclose(codes.std(0), torch::ones({4}), 0, 0.03));
}

}  // namespace
}  // namespace autoencoder
