#include "evaluation/nearest_neighbours.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/scattered_points.h"

namespace autoencoder {
namespace {

using testing::digits_of;
using testing::scattered_points;

torch::Tensor on_a_line(const std::vector<double>& places) {
  return torch::tensor(places, torch::kFloat64).unsqueeze(1);
}

TEST(NearestNeighbours, OnALine) {
  const Neighbours nearest = nearest_neighbours(on_a_line({0, 10, 4, 3}), on_a_line({3.25, 9}), 3);
  EXPECT_TRUE(torch::equal(nearest.indices, torch::tensor({{3, 2, 0}, {1, 2, 3}})));
  EXPECT_TRUE(torch::allclose(nearest.distances,
                              torch::tensor({{0.25, 0.75, 3.25}, {1.0, 5.0, 6.0}}, torch::kFloat64), 1e-12,
                              1e-12));
}

TEST(NearestNeighbours, DistancesAreEuclidean) {
  const auto origin = torch::zeros({1, 2});
  EXPECT_NEAR(nearest_neighbours(torch::tensor({{3.0, 4.0}}), origin, 1).distances.item<double>(), 5, 1e-12);
}

// As many as do not fit in one tile of queries, nor in one of examples.
TEST(NearestNeighbours, ManyAreTheSameAsAllDistancesAtOnce) {
  torch::manual_seed(0);
  const auto examples = torch::randn({9000, 3});
  const auto queries = torch::randn({1100, 3});
  const Neighbours nearest = nearest_neighbours(examples, queries, 7);
  const auto [distances, indices] =
      torch::cdist(queries.to(torch::kFloat64), examples.to(torch::kFloat64), 2, 2).topk(7, 1, false);
  EXPECT_TRUE(torch::allclose(nearest.distances, distances, 1e-9, 1e-9));
  EXPECT_TRUE(torch::equal(nearest.indices, indices));
}

TEST(NearestNeighbours, FarFromTheOriginTheyAreTheSame) {
  torch::manual_seed(0);
  const torch::Tensor examples = torch::randint(0, 1 << 20, {500, 2}, torch::kFloat64) / (1 << 20);
  const torch::Tensor queries = torch::randint(0, 1 << 20, {50, 2}, torch::kFloat64) / (1 << 20);
  const torch::Tensor near = nearest_neighbours(examples, queries, 5).indices;
  EXPECT_TRUE(torch::equal(nearest_neighbours(examples + (1 << 30), queries + (1 << 30), 5).indices, near));
}

// Of series 7 the windows from 0 and from 3 on are less than 4 apart; that of series 8 is in another one.
TEST(NearestNeighbours, WhatOverlapsIsNone) {
  const SeriesPlaces places = {torch::tensor({{7, 0}, {7, 3}, {7, 4}, {8, 0}}), torch::tensor({{7, 0}}), 4};
  const Neighbours nearest = nearest_neighbours(on_a_line({0, 1, 2, 3}), on_a_line({0}), 3, places);
  EXPECT_TRUE(torch::equal(nearest.indices.narrow(1, 0, 2), torch::tensor({{2, 3}})));
  EXPECT_TRUE(nearest.distances[0][2].isinf().item<bool>());
}

// As many as do not fit in one tile.
TEST(NearestNeighbours, OfManyWindowsEachHasThoseThatItDoesNotOverlap) {
  torch::manual_seed(0);
  const auto examples = torch::randn({5000, 3});
  const torch::Tensor places = torch::stack({torch::arange(5000) % 2, torch::arange(5000)}, 1);
  const Neighbours nearest = nearest_neighbours(examples, examples, 5, {places, places, 9});
  const torch::Tensor distances = (nearest.indices - torch::arange(5000).unsqueeze(1)).abs();
  EXPECT_TRUE((distances % 2 == 1).logical_or(distances >= 9).all().item<bool>());
  EXPECT_TRUE(nearest.distances.isfinite().all().item<bool>());
}

TEST(NearestNeighbours, MoreThanThereAreIsAMistakeOfTheProgram) {
  EXPECT_THROW(nearest_neighbours(torch::rand({3, 2}), torch::rand({1, 2}), 4), c10::Error);
  EXPECT_THROW(nearest_neighbours(torch::rand({3, 2}), torch::rand({1, 3}), 1), c10::Error);
}

TEST(NearestNeighbours, TheMajorityWinsAndATieGoesToTheNearest) {
  const torch::Tensor examples = on_a_line({1, 2, 3, 4});
  const torch::Tensor labels = torch::tensor({9, 4, 4, 9});
  const auto class_at_zero = [&](int64_t count) {
    return nearest_neighbour_classes(examples, labels, on_a_line({0}), count).item<int64_t>();
  };
  EXPECT_EQ(class_at_zero(1), 9);
  EXPECT_EQ(class_at_zero(2), 9);
  EXPECT_EQ(class_at_zero(3), 4);
  EXPECT_EQ(class_at_zero(4), 9);
}

// Numbers of scikit-learn 1.9.1, points as in tests/support/scattered_points.h:
//   KNeighborsClassifier(k).fit(x[tr], y[tr]).predict(x[te])
// It gives a tie to the smallest class: the seventh of five neighbours is a 0 there, whose neighbours are
// 1, 0, 0, 1, 2 and the nearest a 1.
TEST(NearestNeighbours, AsScikitLearnButForTies) {
  const auto [train, test, labels, ignored] = scattered_points();
  const auto classes = [&, train = train, test = test, labels = labels](int64_t count) {
    return nearest_neighbour_classes(train, labels, test, count);
  };
  EXPECT_TRUE(torch::equal(classes(1), digits_of("0111101011120012101101120101011011001100")));
  EXPECT_TRUE(torch::equal(classes(3), digits_of("0111100011120012101100120101011011001000")));
  EXPECT_TRUE(torch::equal(classes(5), digits_of("0111101011120012101101110101001011011100")));
}

}  // namespace
}  // namespace autoencoder
