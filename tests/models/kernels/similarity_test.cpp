#include "models/kernels/similarity.h"

#include <numeric>

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "evaluation/metrics.h"

namespace autoencoder {
namespace {

struct Similarity {
  torch::Tensor values;
  torch::Tensor gradient;
};

// Each channel weighted differently, so that a gradient that reaches the wrong one shows.
Similarity differentiated(const torch::Tensor& values, const torch::Tensor& picture,
                          const torch::Tensor& weights) {
  const torch::Tensor gradient =
      torch::autograd::grad({(values * weights.to(values)).sum()}, {picture}).front();
  return {values.detach().to(torch::kFloat64), gradient.to(torch::kFloat64)};
}

class SimilarityOfPictures
    : public ::testing::TestWithParam<std::tuple<SimilarityPart, std::vector<int64_t>>> {
 protected:
  SimilarityOfPictures() {
    torch::manual_seed(2);
    const std::vector<int64_t>& sizes = std::get<1>(GetParam());
    target_ = torch::rand(sizes);
    picture_ = (0.7 * target_ + 0.3 * torch::rand(sizes)).requires_grad_();
    weights_ = torch::rand({sizes[0], sizes[1]});
  }

  SimilarityPart part() const { return std::get<0>(GetParam()); }

  // By LibTorch's operations, in double precision.
  Similarity expected() const {
    const torch::Tensor picture = picture_.detach().to(torch::kFloat64).requires_grad_();
    return differentiated(plain_channel_similarity(target_.to(torch::kFloat64), picture, part()), picture,
                          weights_);
  }

  torch::Tensor target_, picture_, weights_;
};

TEST_P(SimilarityOfPictures, ValuesAndGradientsAreThoseOfAutogradInDoublePrecision) {
  const torch::Tensor values = channel_similarity(target_, picture_, part());
  ASSERT_NE(values.grad_fn()->name().find("FusedSimilarity"), std::string::npos);
  const Similarity ours = differentiated(values, picture_, weights_);
  EXPECT_TRUE(torch::allclose(ours.values, expected().values, 1e-5, 1e-6));
  EXPECT_LT((ours.gradient - expected().gradient).norm().item<double>(),
            1e-5 * expected().gradient.norm().item<double>());
}

TEST_P(SimilarityOfPictures, AnyOrderInMemoryWillDo) {
  const torch::Tensor last = picture_.contiguous(torch::MemoryFormat::ChannelsLast);
  const Similarity ours = differentiated(channel_similarity(target_, last, part()), picture_, weights_);
  EXPECT_TRUE(torch::allclose(ours.gradient, expected().gradient, 1e-3, 1e-6));
}

TEST_P(SimilarityOfPictures, SecondDerivativesAreThoseOfThePlainOne) {
  const auto second = [&](const torch::Tensor& values) {
    const torch::Tensor first = torch::autograd::grad({(values * weights_).sum()}, {picture_}, {},
                                                      /*retain_graph=*/true, /*create_graph=*/true)
                                    .front();
    return torch::autograd::grad({first.square().sum()}, {picture_}).front();
  };
  const torch::Tensor ours = second(channel_similarity(target_, picture_, part()));
  const torch::Tensor theirs = second(plain_channel_similarity(target_, picture_, part()));
  EXPECT_LT((ours - theirs).norm().item<double>(), 1e-4 * theirs.norm().item<double>());
}

TEST_P(SimilarityOfPictures, IsTheOneThatIsEvaluated) {
  if (part() != SimilarityPart::kWhole) {
    GTEST_SKIP() << "a part of it is not evaluated";
  }
  const torch::Tensor ours = channel_similarity(target_, picture_).mean(1);
  EXPECT_TRUE(torch::allclose(ours, structural_similarity(target_, picture_.detach()), 1e-5, 1e-6));
}

INSTANTIATE_TEST_SUITE_P(Sizes, SimilarityOfPictures,
                         ::testing::Combine(::testing::Values(SimilarityPart::kWhole,
                                                              SimilarityPart::kContrastAndStructure),
                                            ::testing::Values(std::vector<int64_t>{2, 3, 17, 23},
                                                              std::vector<int64_t>{1, 1, 11, 40},
                                                              std::vector<int64_t>{2, 1, 11, 11},
                                                              std::vector<int64_t>{2, 2, 6, 9})));

TEST(Similarity, IsOneOfEqualPicturesWithoutAGradient) {
  const torch::Tensor target = torch::rand({2, 3, 16, 16});
  const torch::Tensor picture = target.clone().requires_grad_();
  const torch::Tensor values = channel_similarity(target, picture);
  EXPECT_TRUE(torch::allclose(values, torch::ones({2, 3})));
  EXPECT_LT(torch::autograd::grad({values.sum()}, {picture}).front().abs().max().item<double>(), 1e-4);
}

TEST(Similarity, ItsWindowSumsToOne) {
  for (const int64_t side : {3, 10, 11, 200}) {
    const std::vector<double> window = similarity_window(side);
    EXPECT_NEAR(std::accumulate(window.begin(), window.end(), 0.0), 1, 1e-12) << side;
  }
  EXPECT_EQ(similarity_window(10).size(), 9);
  EXPECT_EQ(similarity_window(200).size(), 11);
}

}  // namespace
}  // namespace autoencoder
