#include "evaluation/code_distribution.h"

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
  const torch::Tensor last = model->encode(to_unit_range(data.images.narrow(0, 1090, 10)));
  EXPECT_TRUE(torch::allclose(codes.narrow(0, 1090, 10), last, 1e-5, 1e-6));
}

TEST(CodeDistribution, SamplesHaveTheMeanAndCovarianceOfTheCodes) {
  torch::manual_seed(2);
  const torch::Tensor mix = torch::tensor({{2.0, 0.0}, {1.0, 0.5}});
  const torch::Tensor codes =
      torch::randn({5000, 2}).mm(mix.t().to(torch::kFloat32)) + torch::tensor({3.0, -1.0}, torch::kFloat32);
  const torch::Tensor samples = sample_normal(fit_normal(codes), 50000, make_generator(1));
  EXPECT_TRUE(torch::allclose(samples.mean(0), codes.mean(0), 0, 0.05));
  EXPECT_TRUE(torch::allclose(torch::cov(samples.t()), torch::cov(codes.t()), 0.05, 0.05));
}

TEST(CodeDistribution, ADeadUnitIsNoObstacle) {
  torch::manual_seed(2);
  torch::Tensor codes = torch::randn({100, 3});
  codes.select(1, 1).fill_(7);
  const torch::Tensor samples = sample_normal(fit_normal(codes), 10, make_generator(1));
  EXPECT_TRUE(torch::allclose(samples.select(1, 1), torch::full({10}, 7.0), 0, 1e-3));
}

}  // namespace
}  // namespace autoencoder
