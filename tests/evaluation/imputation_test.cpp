#include "evaluation/imputation.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/random.h"
#include "models/registry.h"
#include "tests/support/holes.h"

namespace autoencoder {
namespace {

using testing::kHole;

// Three numbers that are one: each is told exactly by the others.
torch::Tensor threefold(int64_t count) {
  torch::manual_seed(1);
  return torch::randn({count, 1}).expand({count, 3}).contiguous().view({count, 1, 1, 3});
}

// The first component of three equal numbers is their mean: asked again and again, it tells a hole.
TEST(Imputation, AModelThatKnowsNoHolesIsAskedUntilItsAnswerStays) {
  const auto model = make_model({{"model", "pca"}, {"latent-dim", 1}, {"layout", "number*3"}}, {1, 1, 3});
  const torch::NoGradGuard no_grad;
  model->prepare(threefold(200));
  model->eval();
  const torch::Tensor filled = fill_holes(*model, torch::tensor({2.0F, kHole, 2.0F}).view({1, 1, 1, 3}));
  EXPECT_NEAR(filled.flatten()[1].item<double>(), 2, 0.01);
}

TEST(Imputation, WhatIsThereStaysAsItIs) {
  const auto model = make_model({{"model", "dense"}, {"layout", "number*3"}}, {1, 1, 3});
  const torch::Tensor rows = torch::tensor({5.0F, kHole, -3.0F}).view({1, 1, 1, 3});
  const torch::Tensor filled = fill_holes(*model, rows).flatten();
  EXPECT_EQ(filled[0].item<float>(), 5);
  EXPECT_EQ(filled[2].item<float>(), -3);
  EXPECT_TRUE(filled.isfinite().all().item<bool>());
}

TEST(Imputation, DrawsDiffer) {
  const auto model = make_model({{"model", "vae"},
                                 {"layout", "number*3"},
                                 {"output-activation", "none"},
                                 {"loss", "columns"},
                                 {"mask-input", true}},
                                {1, 1, 3});
  model->eval();
  const torch::Tensor rows = torch::tensor({5.0F, kHole, -3.0F}).view({1, 1, 1, 3});
  const auto rng = make_generator(1);
  const torch::Tensor first = draw_holes(*model, rows, rng).flatten();
  const torch::Tensor second = draw_holes(*model, rows, rng).flatten();
  EXPECT_NE(first[1].item<float>(), second[1].item<float>());
  EXPECT_EQ(first[0].item<float>(), 5);
}

}  // namespace
}  // namespace autoencoder
