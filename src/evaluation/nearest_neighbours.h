// Classification by nearest neighbours: how far examples of one class lie together, with nothing learned.
#pragma once

#include <cstdint>

#include <torch/types.h>

namespace autoencoder {

/// The examples nearest to each query, nearest first.
struct Neighbours {
  torch::Tensor indices;    ///< M x K, int64: positions among the examples
  torch::Tensor distances;  ///< M x K, float64: Euclidean
};

/// Where windows lie in series. Those that overlap are alike for that alone, so that they are no neighbours
/// of each other ("non-self matches", Keogh et al. 2005, "HOT SAX").
struct SeriesPlaces {
  torch::Tensor examples = {};  ///< N x 2, int64: which series, and where in it
  torch::Tensor queries = {};   ///< M x 2
  int64_t apart = 0;            ///< so far from each other two of one series do not overlap

  bool are_known() const { return examples.defined() && queries.defined(); }  ///< or else nothing overlaps
};

/// The `count` examples (N x F) nearest to each query (M x F); 1 <= count <= N. Exact: every distance is
/// computed, in float64. Goes through both in tiles, so that it takes the same memory, less than 200 MB,
/// whatever N and M are. Where places leave fewer than `count`, what is beyond is infinitely far.
Neighbours nearest_neighbours(const torch::Tensor& examples, const torch::Tensor& queries, int64_t count,
                              const SeriesPlaces& places = {});

/// The class of each query (M, int64) by a vote of its `count` nearest examples (Cover & Hart 1967). Of
/// classes with equally many votes the one with the nearest example wins. labels: N, int64.
torch::Tensor nearest_neighbour_classes(const torch::Tensor& examples, const torch::Tensor& labels,
                                        const torch::Tensor& queries, int64_t count);

}  // namespace autoencoder
