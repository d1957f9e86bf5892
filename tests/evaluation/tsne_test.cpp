#include "evaluation/tsne.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/special.h>
#include <torch/types.h>

#include "common/random.h"
#include "evaluation/nearest_neighbours.h"
#include "evaluation/tsne_forces.h"

namespace autoencoder {
namespace {

PlanePoints three_points() {
  PlanePoints points(3);
  points.x = {0, 1, 0};
  points.y = {0, 0, 2};
  return points;
}

// Squared distances 1, 4 and 5: q = 1/2, 1/5, 1/6.
TEST(TsneForces, RepulsionIsAsWorkedOutByHand) {
  PlanePoints force(3);
  EXPECT_NEAR(repulsion(three_points(), force), 2 * (1.0 / 2 + 1.0 / 5 + 1.0 / 6), 1e-6);
  EXPECT_NEAR(force.x[0], -1.0 / 4, 1e-6);
  EXPECT_NEAR(force.y[0], -2.0 / 25, 1e-6);
  EXPECT_NEAR(force.x[1], 1.0 / 4 + 1.0 / 36, 1e-6);
  EXPECT_NEAR(force.y[1], -2.0 / 36, 1e-6);
}

TEST(TsneForces, AttractionAndDivergenceAreAsWorkedOutByHand) {
  // Only points 0 and 1 attract each other.
  const std::vector<int64_t> row_starts = {0, 1, 2, 2};
  const std::vector<int64_t> columns = {1, 0};
  const std::vector<float> values = {0.5F, 0.5F};
  const Affinities affinities = {row_starts, columns, values};
  PlanePoints force(3);
  attraction(three_points(), affinities, force);
  EXPECT_NEAR(force.x[0], -0.25, 1e-6);
  EXPECT_NEAR(force.x[1], 0.25, 1e-6);
  EXPECT_EQ(force.y[2], 0);
  const double normalisation = 2 * (1.0 / 2 + 1.0 / 5 + 1.0 / 6);
  EXPECT_NEAR(divergence_of(three_points(), affinities, normalisation), std::log(0.5 / (0.5 / normalisation)),
              1e-6);
}

TEST(TsneForces, TheGradientIsThatOfTheDivergence) {
  torch::manual_seed(1);
  const torch::Tensor dense = torch::rand({6, 6}, torch::kFloat64).fill_diagonal_(0);
  const torch::Tensor p = ((dense + dense.t()) / (2 * dense.sum())).to(torch::kFloat32);
  const torch::Tensor place = torch::randn({6, 2}, torch::kFloat64).requires_grad_();
  const torch::Tensor squared = (place.unsqueeze(0) - place.unsqueeze(1)).square().sum(2);
  const torch::Tensor q = (1 / (1 + squared)).masked_fill(torch::eye(6, torch::kBool), 0);
  torch::special::xlogy(p.to(torch::kFloat64), p.to(torch::kFloat64) / (q / q.sum()).clamp_min(1e-300))
      .sum()
      .backward();

  PlanePoints points(6);
  std::vector<int64_t> row_starts = {0};
  std::vector<int64_t> columns;
  std::vector<float> values;
  for (int64_t i = 0; i < 6; ++i) {
    points.x[static_cast<size_t>(i)] = place[i][0].item<float>();
    points.y[static_cast<size_t>(i)] = place[i][1].item<float>();
    for (int64_t j = 0; j < 6; ++j) {
      columns.push_back(j);
      values.push_back(p[i][j].item<float>());
    }
    row_starts.push_back(static_cast<int64_t>(columns.size()));
  }
  PlanePoints attracted(6);
  PlanePoints repelled(6);
  attraction(points, {row_starts, columns, values}, attracted);
  const double sum = repulsion(points, repelled);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(4 * (attracted.x[i] - repelled.x[i] / sum),
                place.grad()[static_cast<int64_t>(i)][0].item<double>(), 1e-5);
    EXPECT_NEAR(4 * (attracted.y[i] - repelled.y[i] / sum),
                place.grad()[static_cast<int64_t>(i)][1].item<double>(), 1e-5);
  }
}

// Three clouds far apart in ten dimensions.
torch::Tensor clouds(int64_t of_each) {
  torch::manual_seed(3);
  return torch::randn({3 * of_each, 10}) + 20 * torch::eye(10).narrow(0, 0, 3).repeat_interleave(of_each, 0);
}

TEST(Tsne, KeepsNeighboursTogether) {
  const TsneMap map = tsne(clouds(60), {.perplexity = 15, .steps = 400});
  ASSERT_EQ(map.points.sizes(), (std::vector<int64_t>{180, 2}));
  const torch::Tensor labels = torch::arange(3).repeat_interleave(60);
  const torch::Tensor near = nearest_neighbours(map.points, map.points, 6).indices;
  const torch::Tensor share = (labels.index_select(0, near.flatten()).view({180, 6}) == labels.unsqueeze(1));
  EXPECT_GT(share.to(torch::kFloat32).mean().item<float>(), 0.98);
  EXPECT_GT(map.divergence, 0);
  EXPECT_LT(map.divergence, 1);
}

TEST(Tsne, TheSameCodesGiveTheSameMap) {
  const TsneOptions options = {.perplexity = 10, .steps = 40};
  EXPECT_TRUE(torch::equal(tsne(clouds(20), options).points, tsne(clouds(20), options).points));
}

TEST(Tsne, TwinsAndOneDimensionAreNoObstacle) {
  const torch::Tensor twins = torch::arange(60, torch::kFloat32).div(2, "floor").unsqueeze(1);
  const TsneMap map = tsne(twins, {.perplexity = 5, .steps = 100});
  EXPECT_TRUE(map.points.isfinite().all().item<bool>());
}

TEST(Tsne, ReportsEachStep) {
  std::vector<int64_t> steps;
  tsne(clouds(20), {.perplexity = 5, .steps = 8}, [&](int64_t step) { steps.push_back(step); });
  EXPECT_EQ(steps, (std::vector<int64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Tsne, EveryRowOfAffinitiesHasThePerplexity) {
  // Rows that differ in scale need precisions of their own.
  const torch::Tensor distances = torch::rand({5, 40}, make_generator(3), torch::kFloat64) *
                                  torch::tensor({1e-3, 0.1, 1.0, 50.0, 1e4}, torch::kFloat64).unsqueeze(1);
  const torch::Tensor rows = conditional_affinities(distances, 8);
  EXPECT_TRUE(torch::allclose(rows.sum(1), torch::ones({5}, torch::kFloat64)));
  const torch::Tensor perplexity = torch::special::entr(rows).sum(1).exp();
  EXPECT_TRUE(torch::allclose(perplexity, torch::full({5}, 8.0, torch::kFloat64), 1e-6)) << perplexity;
  EXPECT_TRUE(torch::equal(rows.argmax(1), distances.argmin(1)));
}

}  // namespace
}  // namespace autoencoder
