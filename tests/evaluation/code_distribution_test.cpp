#include "evaluation/code_distribution.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/random.h"
#include "models/registry.h"
#include "tests/support/blobs.h"

namespace autoencoder {
namespace {

TEST(CodeDistribution, CodesComeInTheDatasOrder) {
  const Dataset data = testing::spots(1100);
  const auto model = make_model({{"model", "dense"}, {"hidden", {8}}, {"latent-dim", 3}}, data.shape());
  model->eval();
  const torch::Tensor codes = encode_all(*model, data);
  ASSERT_EQ(codes.sizes(), (std::vector<int64_t>{1100, 3}));
  const torch::Tensor last = model->encode(to_unit_range(data.images.all().narrow(0, 1090, 10)));
  EXPECT_TRUE(torch::allclose(codes.narrow(0, 1090, 10), last, 1e-5, 1e-6));
}

TEST(CodeDistribution, SamplesHaveTheMeanAndCovarianceOfTheCodes) {
  torch::manual_seed(2);
  const torch::Tensor mix = torch::tensor({{2.0, 0.0}, {1.0, 0.5}});
  const torch::Tensor codes =
      torch::randn({5000, 2}).mm(mix.t().to(torch::kFloat32)) + torch::tensor({3.0, -1.0}, torch::kFloat32);
  const CodeMixture normal = fit_mixture(codes, 1, make_generator(0));
  const torch::Tensor samples = sample_mixture(normal, 50000, {}, make_generator(1));
  EXPECT_TRUE(torch::allclose(samples.mean(0), codes.mean(0), 0, 0.05));
  EXPECT_TRUE(torch::allclose(torch::cov(samples.t()), torch::cov(codes.t()), 0.05, 0.05));
}

TEST(CodeDistribution, ADeadUnitIsNoObstacle) {
  torch::manual_seed(2);
  torch::Tensor codes = torch::randn({100, 3});
  codes.select(1, 1).fill_(7);
  const CodeMixture normal = fit_mixture(codes, 1, make_generator(0));
  const torch::Tensor samples = sample_mixture(normal, 10, {}, make_generator(1));
  EXPECT_TRUE(torch::allclose(samples.select(1, 1), torch::full({10}, 7.0), 0, 1e-3));
}

// Two clouds, one of them three times as large, flat along different axes.
torch::Tensor two_clouds() {
  torch::manual_seed(4);
  const torch::Tensor wide = torch::randn({3000, 2}) * torch::tensor({2.0F, 0.1F});
  const torch::Tensor high = torch::randn({1000, 2}) * torch::tensor({0.1F, 1.0F}) + 10;
  return torch::cat({wide, high});
}

TEST(CodeMixture, FindsTheCloudsThatThereAre) {
  const CodeMixture mixture = fit_mixture(two_clouds(), 2, make_generator(1));
  const auto high = mixture.weights.argmin().item<int64_t>();
  EXPECT_NEAR(mixture.weights[high].item<double>(), 0.25, 0.001);
  EXPECT_TRUE(torch::allclose(mixture.means[high], torch::tensor({10.0, 10.0}, torch::kFloat64), 0, 0.1));
  const torch::Tensor covariance = mixture.factors[high].mm(mixture.factors[high].t());
  EXPECT_NEAR(covariance[0][0].item<double>(), 0.01, 0.002);
  EXPECT_NEAR(covariance[1][1].item<double>(), 1, 0.1);
}

TEST(CodeMixture, TheFitIsTheMeanLogDensityOfTheCodes) {
  torch::manual_seed(5);
  const CodeMixture normal = fit_mixture(torch::randn({20000, 3}), 1, make_generator(1));
  EXPECT_NEAR(normal.log_likelihood, -1.5 * std::log(2 * 3.14159265 * std::exp(1)), 0.02);
  const torch::Tensor clouds = two_clouds();
  EXPECT_GT(fit_mixture(clouds, 2, make_generator(1)).log_likelihood,
            fit_mixture(clouds, 1, make_generator(1)).log_likelihood + 1);
}

TEST(CodeMixture, SamplesComeFromAllItsPartsByWeight) {
  const CodeMixture mixture = fit_mixture(two_clouds(), 2, make_generator(1));
  const torch::Tensor samples = sample_mixture(mixture, 4000, {}, make_generator(2));
  EXPECT_NEAR((samples.select(1, 0) > 7).to(torch::kFloat32).mean().item<double>(), 0.25, 0.03);
}

TEST(CodeMixture, EqualCodesAreNoObstacle) {
  const CodeMixture mixture = fit_mixture(torch::ones({10, 2}), 3, make_generator(1));
  const torch::Tensor samples = sample_mixture(mixture, 5, {}, make_generator(2));
  EXPECT_TRUE(torch::allclose(samples, torch::ones({5, 2}), 0, 1e-3));
}

TEST(Noise, IsTruncatedAndTempered) {
  const torch::Tensor noise = draw_noise(20000, 1, {.temperature = 2, .truncation = 1}, make_generator(1));
  EXPECT_LE(noise.abs().max().item<double>(), 2);
  EXPECT_GT(noise.abs().max().item<double>(), 1.9);
  // Variance of a standard normal cut at 1: 1 - 2 phi(1) / (2 Phi(1) - 1) = 0.2911.
  EXPECT_NEAR(noise.var().item<double>(), 4 * 0.2911, 0.03);
}

}  // namespace
}  // namespace autoencoder
