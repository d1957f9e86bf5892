#include "evaluation/synthetic.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

TableSchema animal_schema() {
  TableSchema schema;
  schema.columns = {{.name = "size"}, {.name = "kind", .kind = ColumnKind::kYesNo, .words = {"cat", "dog"}}};
  return schema;
}

// Dogs are 3 larger than cats; a seed of its own gives other rows of the same kind.
torch::Tensor animals(int64_t count, int64_t seed) {
  torch::manual_seed(seed);
  const torch::Tensor kind = torch::randint(2, {count, 1}).to(torch::kFloat32);
  return torch::cat({torch::randn({count, 1}) + 3 * kind, kind}, 1);
}

TEST(Synthetic, RowsOfTheSameSourceAreAlike) {
  const SyntheticQuality quality = measure_synthetic(animal_schema(), {.synthetic = animals(4000, 1),
                                                                       .train = animals(4000, 2),
                                                                       .test = animals(4000, 3),
                                                                       .target_column = 1});
  EXPECT_GT(quality.marginals, 0.97);
  EXPECT_GT(quality.correlations, 0.98);
  EXPECT_NEAR(quality.classifier->from_synthetic, quality.classifier->from_real, 0.02);
  EXPECT_GT(quality.classifier->from_real, 0.9);
}

TEST(Synthetic, AColumnOfItsOwnMeanIsUnlike) {
  torch::Tensor moved = animals(4000, 1);
  moved.select(1, 0).add_(100);
  moved.select(1, 1).fill_(1);
  const SyntheticQuality quality = measure_synthetic(
      animal_schema(), {.synthetic = moved, .train = animals(100, 2), .test = animals(4000, 3)});
  // Nothing of the one, and half of the other.
  EXPECT_NEAR(quality.marginals, 0.25, 0.02);
}

TEST(Synthetic, WhatBelongsTogetherMustStayTogether) {
  torch::Tensor torn = animals(4000, 1);
  torn.select(1, 0).copy_(torn.select(1, 0).flip(0));
  const SyntheticQuality quality = measure_synthetic(
      animal_schema(), {.synthetic = torn, .train = animals(100, 2), .test = animals(4000, 3)});
  EXPECT_GT(quality.marginals, 0.97);
  EXPECT_LT(quality.correlations, 0.65);
}

TEST(Synthetic, CopiesAreToldByHowTheyAreWritten) {
  const torch::Tensor train = torch::tensor({{1.0F, 0.0F}, {2.0F, 1.0F}});
  const torch::Tensor synthetic = torch::tensor({{1.2F, 0.0F}, {2.0F, 0.0F}, {1.0F, 0.0F}, {5.0F, 1.0F}});
  EXPECT_EQ(
      measure_synthetic(animal_schema(), {.synthetic = synthetic, .train = train, .test = train}).copied,
      0.5);
}

}  // namespace
}  // namespace autoencoder
