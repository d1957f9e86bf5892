#include "evaluation/imputation.h"

#include <gtest/gtest.h>
#include <torch/types.h>

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

// A picture with a hole, a copy of it with another number behind the hole, and one that is all hole.
torch::Tensor pictures_with_holes() {
  torch::manual_seed(1);
  torch::Tensor pictures = torch::rand({1, 1, 8, 8}).expand({3, -1, -1, -1}).clone();
  pictures[0].slice(1, 2, 5).slice(2, 3, 4).fill_(kHole);
  pictures[1].copy_(pictures[0]);
  pictures[2].fill_(kHole);
  return pictures;
}

TEST(Imputation, PicturesAreFilledWhereTheyHaveHolesAndNowhereElse) {
  for (const char* name : {"dense", "vae", "conv", "pca", "masked"}) {
    const auto model = make_model({{"model", name}, {"latent-dim", 4}}, {1, 8, 8});
    if (std::string(name) == "pca") {
      const torch::NoGradGuard no_grad;
      model->prepare(torch::rand({50, 1, 8, 8}));
    }
    model->eval();
    const torch::Tensor holed = pictures_with_holes();
    const torch::Tensor filled = fill_holes(*model, holed);
    EXPECT_TRUE(filled.isfinite().all().item<bool>()) << name;
    const torch::Tensor is_there = holed.isnan().logical_not();
    EXPECT_TRUE(torch::equal(filled.masked_select(is_there), holed.masked_select(is_there))) << name;
    EXPECT_TRUE(torch::allclose(filled[0], filled[1])) << name;
  }
}

// It sees a patch without a hole as in training: a number in a patch that has one changes nothing.
TEST(Imputation, AMaskedModelPredictsFromWholePatches) {
  const auto model = make_model({{"model", "masked"}, {"patch-size", 4}}, {1, 8, 8});
  model->eval();
  torch::Tensor pictures = pictures_with_holes().narrow(0, 0, 2);
  pictures[1][0][0][0] += 0.5;  // of the patch with the hole
  const torch::Tensor filled = fill_holes(*model, pictures);
  EXPECT_TRUE(torch::equal(filled[0][0][2][3], filled[1][0][2][3]));
  pictures[1][0][7][7] += 0.5;  // of a whole one
  EXPECT_FALSE(torch::equal(filled[0][0][2][3], fill_holes(*model, pictures)[1][0][2][3]));
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
