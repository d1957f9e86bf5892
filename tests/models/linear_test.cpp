#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "models/pca.h"
#include "models/registry.h"
#include "tests/support/expect_error.h"
#include "tests/support/train.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

const ImageShape kLinearShape = {1, 3, 4};

// Examples that vary most along known directions, less and less.
torch::Tensor stretched(int64_t count) {
  const torch::Tensor spread = torch::tensor({5.0, 3.0, 2.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1});
  return (torch::randn({count, 12}, make_generator(1)) * spread + 1)
      .to(torch::kFloat32)
      .view({count, 1, 3, 4});
}

double metric(Autoencoder& model, const torch::Tensor& examples, const std::string& name) {
  for (const Metric& each : model.illustrated()->diagnostics(examples)) {
    if (each.name == name) {
      return each.value;
    }
  }
  throw std::out_of_range(name);
}

std::shared_ptr<Autoencoder> trained_on(const torch::Tensor& examples, int steps) {
  torch::manual_seed(2);
  auto model = make_model({{"model", "linear"}, {"latent-dim", 3}}, kLinearShape);
  {
    const torch::NoGradGuard no_grad;
    model->prepare(examples);
  }
  testing::train(*model, examples, steps, 1e-2);
  return model;
}

TEST(Linear, ComesToSpanThePrincipalSubspaceAndRecoversItsComponents) {
  const torch::Tensor examples = stretched(500);
  EXPECT_GT(metric(*trained_on(examples, 0), examples, "largest_angle"), 30);
  const auto model = trained_on(examples, 1500);
  EXPECT_LT(metric(*model, examples, "largest_angle"), 1);
  EXPECT_GT(metric(*model, examples, "alignment"), 0.99);
}

TEST(Linear, TheRecoveredComponentsAreInTheOrderOfTheirVariance) {
  const torch::Tensor examples = stretched(500);
  const auto model = trained_on(examples, 1500);
  const torch::Tensor components =
      model->illustrated()->illustrations(examples).front().images.flatten(1) * 2 - 1;
  for (int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(components[i].abs().argmax().item<int64_t>(), i);
  }
}

TEST(Linear, TakesNoHiddenLayers) {
  EXPECT_THAT(error_of([] {
                make_model({{"model", "linear"}, {"hidden", {8}}}, kLinearShape);
              }),
              HasSubstr("one linear layer each way"));
}

TEST(Pca, IsThePrincipalComponentsThemselves) {
  const torch::Tensor examples = stretched(500);
  const auto model = make_model({{"model", "pca"}, {"latent-dim", 3}}, kLinearShape);
  const torch::NoGradGuard no_grad;
  model->prepare(examples);
  const PrincipalComponents components = fit_pca(examples.flatten(1), 3);
  EXPECT_TRUE(torch::allclose(model->encode(examples), components.project(examples.flatten(1)), 1e-4, 1e-4));
  EXPECT_TRUE(torch::allclose(model->forward(examples).flatten(1),
                              components.restore(components.project(examples.flatten(1))), 1e-4, 1e-4));
  EXPECT_FALSE(model->loss({examples, examples, {}}, {make_generator(1)}).total.requires_grad());
}

TEST(Pca, HasNoMoreComponentsThanThereAreNumbers) {
  EXPECT_THAT(error_of([] {
                make_model({{"model", "pca"}, {"latent-dim", 13}}, kLinearShape);
              }),
              HasSubstr("12 numbers have no more than 12 principal components"));
}

}  // namespace
}  // namespace autoencoder
