#include "evaluation/code_distribution.h"

#include <cmath>
#include <vector>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/types.h>

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

// Counts that fill neither the processor's registers nor the blocks that threads take.
torch::Tensor three_clouds() {
  torch::manual_seed(6);
  const torch::Tensor centres = 2 * torch::randn({3, 5}).repeat({337, 1});
  return torch::randn({1011, 5}).mm(torch::randn({5, 5})) + centres;
}

// log of weight_k * density_k of each code: N x K float64.
torch::Tensor log_densities(const CodeMixture& mixture, const torch::Tensor& codes) {
  std::vector<torch::Tensor> columns;
  for (int64_t k = 0; k < mixture.weights.size(0); ++k) {
    const torch::Tensor factor = mixture.factors[k];
    const torch::Tensor white = (codes.to(torch::kFloat64) - mixture.means[k]).mm(factor.inverse().t());
    columns.push_back(mixture.weights[k].log() - factor.det().abs().log() - 0.5 * white.square().sum(1));
  }
  return torch::stack(columns, 1) - 0.5 * static_cast<double>(codes.size(1)) * std::log(2 * 3.14159265358979);
}

TEST(CodeMixture, TheFitIsThatOfItsDensitiesInDoublePrecision) {
  const torch::Tensor codes = three_clouds();
  const CodeMixture mixture = fit_mixture(codes, 3, make_generator(1));
  const double direct = log_densities(mixture, codes).logsumexp(1).mean().item<double>();
  EXPECT_NEAR(mixture.log_likelihood, direct, 1e-5);
}

// At its optimum a mixture is what its own shares of the codes make of them.
TEST(CodeMixture, IsTheMomentsOfItsShares) {
  const torch::Tensor codes = three_clouds();
  const CodeMixture mixture = fit_mixture(codes, 3, make_generator(1));
  const torch::Tensor shares = log_densities(mixture, codes).softmax(1);
  const torch::Tensor counts = shares.sum(0);
  const torch::Tensor means = shares.t().mm(codes.to(torch::kFloat64)) / counts.unsqueeze(1);
  EXPECT_TRUE(torch::allclose(mixture.weights, counts / 1011, 0, 0.01));
  EXPECT_TRUE(torch::allclose(mixture.means, means, 0, 0.05));
  for (int64_t k = 0; k < 3; ++k) {
    const torch::Tensor centred = codes.to(torch::kFloat64) - means[k];
    const torch::Tensor expected = (centred * shares.narrow(1, k, 1)).t().mm(centred) / counts[k];
    EXPECT_TRUE(torch::allclose(mixture.factors[k].mm(mixture.factors[k].t()), expected, 0.05, 0.05));
  }
}

TEST(CodeMixture, MovesAndScalesWithTheCodes) {
  const torch::Tensor codes = three_clouds();
  const CodeMixture here = fit_mixture(codes, 3, make_generator(1));
  const CodeMixture there = fit_mixture(codes.to(torch::kFloat64) / 1024 + 100, 3, make_generator(1));
  EXPECT_NEAR(there.log_likelihood, here.log_likelihood + 5 * std::log(1024), 1e-4);
  EXPECT_TRUE(torch::allclose((there.means - 100) * 1024, here.means, 1e-3, 1e-3));
  EXPECT_TRUE(torch::allclose(there.factors.square().sum() * 1024 * 1024, here.factors.square().sum(), 1e-3));
}

TEST(CodeMixture, IsTheSameForAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  const torch::Tensor codes = three_clouds();
  at::set_num_threads(1);
  const CodeMixture alone = fit_mixture(codes, 3, make_generator(1));
  at::set_num_threads(3);
  const CodeMixture together = fit_mixture(codes, 3, make_generator(1));
  at::set_num_threads(threads);
  EXPECT_EQ(alone.log_likelihood, together.log_likelihood);
  EXPECT_TRUE(torch::equal(alone.weights, together.weights));
  EXPECT_TRUE(torch::equal(alone.means, together.means));
  EXPECT_TRUE(torch::equal(alone.factors, together.factors));
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
