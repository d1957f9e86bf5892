#include "models/column_likelihood.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "tests/support/holes.h"

namespace autoencoder {
namespace {

using testing::kHole;

constexpr double kUnitVariance = 1.01;  // of a spread of 1 that nothing was learned of, and the smallest one

torch::Tensor row(const std::vector<float>& entries) {
  return torch::tensor(entries).view({1, 1, 1, static_cast<int64_t>(entries.size())});
}

double error(const std::string& layout, const std::vector<float>& logits, const std::vector<float>& target) {
  return ColumnLikelihood(RowLayout(layout)).errors(row(logits), row(target)).sum().item<double>();
}

TEST(ColumnLikelihood, NumbersAreNormal) {
  const double normaliser = 0.5 * std::log(2 * std::numbers::pi * kUnitVariance);
  EXPECT_NEAR(error("number", {1}, {3}), 0.5 * 4 / kUnitVariance + normaliser, 1e-5);
}

TEST(ColumnLikelihood, YesAndNoAreBernoulli) {
  EXPECT_NEAR(error("yes-no", {2}, {1}), std::log(1 + std::exp(-2.0)), 1e-5);
  EXPECT_NEAR(error("yes-no", {2}, {0}), std::log(1 + std::exp(2.0)), 1e-5);
}

TEST(ColumnLikelihood, WordsAreCategorical) {
  const double all = std::exp(1.0) + std::exp(2.0) + std::exp(3.0);
  EXPECT_NEAR(error("category:3", {1, 2, 3}, {0, 1, 0}), -std::log(std::exp(2.0) / all), 1e-5);
}

// scipy.stats.nbinom(1, 1 / (1 + 4)).logpmf(3): of dispersion 1 and mean 4.
TEST(ColumnLikelihood, CountsAreNegativeBinomial) {
  EXPECT_NEAR(error("count", {std::log(4.0F)}, {3}), -(std::log(0.2) + 3 * std::log(0.8)), 1e-5);
}

TEST(ColumnLikelihood, HolesCostNothingAndTeachNothing) {
  ColumnLikelihood columns(RowLayout("number,yes-no,category:2,count,time:3"));
  const torch::Tensor logits = torch::randn({1, 1, 1, 8}).requires_grad_();
  const torch::Tensor errors = columns.errors(logits, torch::full({1, 1, 1, 8}, kHole));
  EXPECT_TRUE(torch::equal(errors, torch::zeros({1, 5})));
  errors.sum().backward();
  EXPECT_TRUE(torch::equal(logits.grad(), torch::zeros_like(logits)));
}

TEST(ColumnLikelihood, ProbabilitiesOfWordsSumToOne) {
  ColumnLikelihood columns(RowLayout("category:3,yes-no,count,number"));
  const torch::Tensor expected = columns.expected(row({1, 2, 3, 0, 0, -7})).flatten();
  EXPECT_NEAR(expected.narrow(0, 0, 3).sum().item<double>(), 1, 1e-6);
  EXPECT_TRUE(torch::allclose(expected.narrow(0, 3, 3), torch::tensor({0.5F, 1.0F, -7.0F})));
}

TEST(ColumnLikelihood, DrawsHaveTheMeansThatAreExpected) {
  ColumnLikelihood columns(RowLayout("number,category:3,count,yes-no"));
  const torch::Tensor logits = row({2, 1, 0, -30, std::log(4.0F), 1}).expand({40'000, -1, -1, -1});
  const torch::Tensor drawn = columns.draw(logits, make_generator(1));
  const torch::Tensor expected = columns.expected(logits.narrow(0, 0, 1));
  EXPECT_TRUE(torch::allclose(drawn.mean(0, /*keepdim=*/true), expected, 0.03, 0.03));
  const torch::Tensor words = drawn.flatten(1).narrow(1, 1, 3);
  EXPECT_TRUE(torch::equal(words.sum(1), torch::ones({40'000})));
}

TEST(ColumnLikelihood, WhatTrainingHasNotSeenIsNotDrawn) {
  ColumnLikelihood columns(RowLayout("category:3"));
  const torch::Tensor drawn = columns.draw(row({0, 0, 50}).expand({100, -1, -1, -1}), make_generator(1));
  EXPECT_EQ(drawn.flatten(1).select(1, 2).sum().item<double>(), 0);
}

// What can be told exactly does not drown the rest: its density has a bound.
TEST(ColumnLikelihood, ASpreadHasALeastValue) {
  ColumnLikelihood columns(RowLayout("number"));
  const torch::NoGradGuard no_grad;
  columns.named_parameters()["log_spread"].fill_(-50);
  const double least = 0.5 * std::log(2 * std::numbers::pi * 0.01);
  EXPECT_NEAR(columns.errors(row({1}), row({1})).item<double>(), least, 1e-5);
}

}  // namespace
}  // namespace autoencoder
