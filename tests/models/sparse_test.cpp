#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "models/registry.h"
#include "tests/support/expect_error.h"
#include "tests/support/train.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

const ImageShape kSparseShape = {1, 8, 8};

std::shared_ptr<Autoencoder> small_sparse(const Json& more) {
  torch::manual_seed(3);
  Json options = {{"model", "sparse"}, {"latent-dim", 100}, {"k", 7}};
  options.update(more);
  return make_model(options, kSparseShape);
}

torch::Tensor sparse_images(int64_t count) { return torch::rand({count, 1, 8, 8}, make_generator(5)); }

void train(Autoencoder& model, const torch::Tensor& input, int steps) {
  testing::train(model, input, steps, 3e-3);
}

TEST(Sparse, TheCodeOfAKSparseModelHasKNonZeros) {
  const auto model = small_sparse({{"sparsity", "topk"}});
  const torch::Tensor units = (model->encode(sparse_images(20)) > 0).sum(1);
  EXPECT_TRUE((units == 7).all().item<bool>()) << units;
}

TEST(Sparse, KLargestOfTheBatchAreKAHeadOnAverage) {
  const auto model = small_sparse({{"sparsity", "batch-topk"}});
  train(*model, sparse_images(50), 300);
  model->eval();
  const double mean = (model->encode(sparse_images(50)) > 0).sum(1).to(torch::kFloat32).mean().item<double>();
  EXPECT_NEAR(mean, 7, 1.5);  // the threshold of training, not the batch, decides now
}

TEST(Sparse, AnL1PenaltyTurnsUnitsOff) {
  const auto active = [](double strength) {
    const auto model = small_sparse({{"sparsity", "l1"}, {"strength", strength}});
    train(*model, sparse_images(50), 200);
    return (model->encode(sparse_images(50)) > 0).sum(1).to(torch::kFloat32).mean().item<double>();
  };
  EXPECT_LT(active(0.1), 0.5 * active(0));
}

TEST(Sparse, TheKlPenaltyBringsTheMeanActivationToItsTarget) {
  const auto model = small_sparse({{"sparsity", "kl"}, {"strength", 1}, {"target-rate", 0.2}});
  train(*model, sparse_images(50), 500);
  EXPECT_NEAR(model->encode(sparse_images(50)).mean().item<double>(), 0.2, 0.02);
}

TEST(Sparse, TheKlPenaltyIsThatOfBernoulliRates) {
  const auto model = small_sparse({{"sparsity", "kl"}, {"target-rate", 0.1}});
  const torch::Tensor input = sparse_images(9);
  const torch::Tensor rate = model->encode(input).mean(0);
  const torch::Tensor expected = (0.1 * torch::log(0.1 / rate) + 0.9 * torch::log(0.9 / (1 - rate))).sum();
  const Loss loss = model->loss({input, input, {}}, {make_generator(1)});
  EXPECT_NEAR(loss.terms.at(1).value.item<double>(), expected.item<double>(), 1e-3);
}

TEST(Sparse, DeadUnitsComeBackThroughTheAuxiliaryLoss) {
  const auto dead_units = [](int64_t dead_after) {
    const auto model = small_sparse({{"sparsity", "topk"}, {"dead-after", dead_after}});
    {
      const torch::NoGradGuard no_grad;
      model->named_parameters()["encoder.1.bias"].narrow(0, 0, 60).fill_(-0.6);  // these never fire at first
    }
    train(*model, sparse_images(50), 400);
    for (const Metric& metric : model->illustrated()->diagnostics(sparse_images(50))) {
      if (metric.name == "dead_units") {
        return metric.value;
      }
    }
    return -1.0;
  };
  EXPECT_LT(dead_units(20), dead_units(0));
}

TEST(Sparse, UnitsReadAtFirstWhatTheyWriteWhereTheLargestAreKept) {
  const auto is_transposed = [](const std::string& sparsity) {
    const auto model = small_sparse({{"sparsity", sparsity}, {"hidden", Json::array()}, {"unit-norm", true}});
    const torch::NoGradGuard no_grad;
    model->prepare(sparse_images(10));
    std::vector<torch::Tensor> weights;
    for (const torch::Tensor& parameter : model->parameters()) {
      if (parameter.dim() == 2) {
        weights.push_back(parameter);
      }
    }
    return torch::equal(weights.at(0), weights.at(1).t());
  };
  EXPECT_TRUE(is_transposed("topk"));
  EXPECT_TRUE(is_transposed("batch-topk"));
  EXPECT_FALSE(is_transposed("l1"));
}

TEST(Sparse, UnitNormHoldsAfterEveryStep) {
  const auto model = small_sparse({{"sparsity", "topk"}, {"unit-norm", true}, {"pre-bias", true}});
  train(*model, sparse_images(20), 3);
  const torch::Tensor norms = model->named_parameters()["decoder.0.weight"].norm(2, 0);
  EXPECT_TRUE(torch::allclose(norms, torch::ones({100}), 1e-4, 1e-5));
}

TEST(Sparse, ThePreBiasStartsAtTheMeanAndIsTakenOffTheInput) {
  const auto model = small_sparse({{"sparsity", "topk"}, {"pre-bias", true}});
  const torch::Tensor input = sparse_images(30);
  {
    const torch::NoGradGuard no_grad;
    model->prepare(input);
    model->named_parameters()["encoder.1.bias"].zero_();
  }
  EXPECT_TRUE(torch::allclose(model->named_parameters()["decoder.0.bias"], input.mean(0).flatten()));
  EXPECT_LT(model->encode(input.mean(0, true)).abs().max().item<double>(), 1e-5);
}

TEST(Sparse, DiagnosticsOfACodeThatIsKnown) {
  const auto model = small_sparse({{"sparsity", "topk"}});
  const std::vector<Metric> metrics = model->illustrated()->diagnostics(sparse_images(40));
  EXPECT_EQ(metrics.at(0).name, "l0");
  EXPECT_NEAR(metrics.at(0).value, 7, 1e-6);
  EXPECT_EQ(metrics.at(1).name, "density");
  EXPECT_NEAR(metrics.at(1).value, 0.07, 1e-6);
  EXPECT_EQ(metrics.at(3).name, "explained_variance");
  EXPECT_LT(metrics.at(3).value, 1);
}

TEST(Sparse, RefusesMoreActiveUnitsThanThereAre) {
  EXPECT_THAT(error_of([] {
                small_sparse({{"k", 101}});
              }),
              HasSubstr("k is 101, but the code has 100 units"));
}

TEST(Sparse, UnitNormNeedsALinearDecoder) {
  EXPECT_THAT(error_of([] {
                small_sparse({{"hidden", {16}}, {"unit-norm", true}});
              }),
              HasSubstr("need a decoder of one linear layer"));
}

}  // namespace
}  // namespace autoencoder
