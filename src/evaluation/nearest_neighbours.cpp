#include "evaluation/nearest_neighbours.h"

#include <algorithm>
#include <limits>
#include <vector>

#include <torch/types.h>

#include "models/kernels/products.h"

namespace autoencoder {
namespace {

constexpr int64_t kTileQueries = 512;
constexpr int64_t kTileExamples = 4096;
constexpr int64_t kTileValues = 1 << 21;  // of one tile's vectors: 16 MiB in float64

// Vectors relative to a centre, tile by tile. Near the origin the products below lose no digits.
class CentredTiles {
 public:
  CentredTiles(const torch::Tensor& vectors, torch::Tensor centre, int64_t largest)
      : vectors_(vectors),
        centre_(std::move(centre)),
        rows_(std::clamp<int64_t>(kTileValues / std::max<int64_t>(1, vectors.size(1)), 1, largest)) {}

  int64_t count() const { return (vectors_.size(0) + rows_ - 1) / rows_; }
  int64_t start(int64_t tile) const { return tile * rows_; }
  torch::Tensor at(int64_t tile) const { return of(vectors_, tile).to(torch::kFloat64) - centre_; }

  // The tile's rows of what stands beside the vectors.
  torch::Tensor of(const torch::Tensor& rows, int64_t tile) const {
    return rows.narrow(0, start(tile), std::min(rows_, rows.size(0) - start(tile)));
  }

 private:
  torch::Tensor vectors_;
  torch::Tensor centre_;
  int64_t rows_;
};

// M x N: |q - x|^2 = |x|^2 - 2 q.x + |q|^2.
torch::Tensor squared_distances(const torch::Tensor& queries, const torch::Tensor& examples) {
  const auto squared_norms = [](const torch::Tensor& vectors, bool keep_dim) {
    return torch::linalg_vector_norm(vectors, 2, 1, keep_dim).square();
  };
  return product_plus(squared_norms(examples, false), -2 * queries, examples.t())
      .add_(squared_norms(queries, true))
      .clamp_min_(0);
}

// M x N, bool: which pairs of places (M x 2 and N x 2) are in one series, less than `apart` from each other.
torch::Tensor overlap(const torch::Tensor& queries, const torch::Tensor& examples, int64_t apart) {
  const torch::Tensor differences = queries.unsqueeze(1) - examples;
  return differences.select(2, 0).eq(0).logical_and_(differences.select(2, 1).abs() < apart);
}

// Adds to the nearest found so far (none in a fresh one; squared distances) those of a tile whose first
// example is at `start`.
void keep_nearest(Neighbours& nearest, const torch::Tensor& distances, int64_t start, int64_t count) {
  const auto [tile_distances, tile_indices] =
      distances.topk(std::min(count, distances.size(1)), 1, /*largest=*/false);
  const bool is_first = !nearest.distances.defined();
  const torch::Tensor all_distances =
      is_first ? tile_distances : torch::cat({nearest.distances, tile_distances}, 1);
  const torch::Tensor all_indices =
      is_first ? tile_indices + start : torch::cat({nearest.indices, tile_indices + start}, 1);
  const torch::Tensor order = all_distances.argsort(/*stable=*/true, 1);
  const torch::Tensor kept = order.narrow(1, 0, std::min(count, order.size(1)));
  nearest = {all_indices.gather(1, kept), all_distances.gather(1, kept)};
}

// From squared distances of each tile of queries to distances of all.
Neighbours joined(const std::vector<Neighbours>& tiles) {
  std::vector<torch::Tensor> indices;
  std::vector<torch::Tensor> distances;
  for (const Neighbours& tile : tiles) {
    indices.push_back(tile.indices);
    distances.push_back(tile.distances);
  }
  return {torch::cat(indices), torch::cat(distances).sqrt()};
}

// labels: M x K, nearest first.
torch::Tensor majority(const torch::Tensor& labels) {
  std::vector<torch::Tensor> votes;
  for (int64_t neighbour = 0; neighbour < labels.size(1); ++neighbour) {
    votes.push_back((labels == labels.narrow(1, neighbour, 1)).sum(1));
  }
  // Of equal values argmax takes the first, which is the nearest.
  return labels.gather(1, torch::stack(votes, 1).argmax(1, /*keepdim=*/true)).squeeze(1);
}

}  // namespace

Neighbours nearest_neighbours(const torch::Tensor& examples, const torch::Tensor& queries, int64_t count,
                              const SeriesPlaces& places) {
  TORCH_CHECK(examples.dim() == 2 && queries.dim() == 2 && examples.size(1) == queries.size(1),
              "neighbours of ", queries.sizes(), " among ", examples.sizes());
  TORCH_CHECK(count >= 1 && count <= examples.size(0), count, " neighbours among ", examples.size(0));
  const torch::NoGradGuard no_grad;
  const torch::Tensor centre = examples.mean(0).to(torch::kFloat64);
  const CentredTiles example_tiles(examples, centre, kTileExamples);
  const CentredTiles query_tiles(queries, centre, kTileQueries);
  std::vector<Neighbours> nearest(static_cast<size_t>(query_tiles.count()));
  for (int64_t tile = 0; tile < example_tiles.count(); ++tile) {
    const torch::Tensor some = example_tiles.at(tile);
    for (int64_t queried = 0; queried < query_tiles.count(); ++queried) {
      const torch::Tensor distances = squared_distances(query_tiles.at(queried), some);
      if (places.are_known()) {
        distances.masked_fill_(overlap(query_tiles.of(places.queries, queried),
                                       example_tiles.of(places.examples, tile), places.apart),
                               std::numeric_limits<double>::infinity());
      }
      keep_nearest(nearest[static_cast<size_t>(queried)], distances, example_tiles.start(tile), count);
    }
  }
  return joined(nearest);
}

torch::Tensor nearest_neighbour_classes(const torch::Tensor& examples, const torch::Tensor& labels,
                                        const torch::Tensor& queries, int64_t count) {
  const Neighbours nearest = nearest_neighbours(examples, queries, count);
  return majority(labels.index_select(0, nearest.indices.flatten()).view_as(nearest.indices));
}

}  // namespace autoencoder
