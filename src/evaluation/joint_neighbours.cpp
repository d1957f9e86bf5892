#include "evaluation/joint_neighbours.h"

#include <algorithm>

#include <torch/types.h>

#include "common/random.h"
#include "evaluation/evaluate.h"
#include "evaluation/nearest_neighbours.h"

namespace autoencoder {
namespace {

constexpr double kLeastUsual = 0.02;
constexpr double kLeastApart = 0.05;  // of the median: of points that are there several times it is 0
constexpr double kByDensity = 0.25;

// An example as the model computes with it, and what its reconstruction adds: N x 2F.
torch::Tensor seen_and_changed(Autoencoder& model, const torch::Tensor& input) {
  const torch::Tensor seen = model.scaled(input);
  const torch::Tensor changed = model.scaled(model.forward(input)) - seen;
  return torch::cat({seen.flatten(1), changed.flatten(1)}, 1).nan_to_num(0).to(torch::kCPU, torch::kFloat32);
}

torch::Tensor in_usual_units(torch::Tensor points, const torch::Tensor& usual) {
  points.narrow(1, usual.size(0), usual.size(0)).div_(usual);
  return points;
}

// Of each query the nearest points but itself.
Neighbours nearest_others(const torch::Tensor& points, const torch::Tensor& queries,
                          const SeriesPlaces& places) {
  constexpr double kSame = 1e-5;  // as rounding leaves it of no distance
  const int64_t count = std::min(kNormalNeighbours + 1, points.size(0));
  const Neighbours found = nearest_neighbours(points, queries, count, places);
  if (count == 1) {
    return found;
  }
  const auto others = [&](const torch::Tensor& all, int64_t from) { return all.narrow(1, from, count - 1); };
  const torch::Tensor mean = others(found.distances, 1).mean(1, /*keepdim=*/true);
  const torch::Tensor is_itself = found.distances.narrow(1, 0, 1) < kSame * mean;
  return {torch::where(is_itself, others(found.indices, 1), others(found.indices, 0)),
          torch::where(is_itself, others(found.distances, 1), others(found.distances, 0))};
}

}  // namespace

torch::Tensor places_apart(const Windows& normal) {
  if (!normal.defined()) {
    return {};
  }
  const int64_t overlapping = 2 * ((normal.of->window - 1) / normal.of->stride) + 1;  // and itself
  return normal.first.size(0) > overlapping + kNormalNeighbours ? places_of(normal) : torch::Tensor();
}

JointSpace learn_joint_space(Autoencoder& model, const Dataset& normal, const at::Generator& rng) {
  const int64_t most = std::clamp<int64_t>(kMostJointNumbers / (2 * normal.shape().size()), 1, kMostPoints);
  const Dataset kept = chosen_examples(normal, random_positions(normal.size(), most, rng));
  torch::Tensor points = for_all_examples(
      model, kept, [&](const torch::Tensor& input) { return seen_and_changed(model, input); });
  const torch::Tensor changes = points.narrow(1, points.size(1) / 2, points.size(1) / 2);
  const torch::Tensor usual = changes.square().mean(0).sqrt().clamp_min(kLeastUsual);
  points = in_usual_units(points, usual);
  const torch::Tensor places = places_apart(kept.windows);
  const torch::Tensor apart =
      nearest_others(points, points, {places, places, normal.shape().width}).distances.mean(1);
  const double least = std::max(kLeastApart * apart.median().item<double>(), 1e-12);
  return {points, usual, apart.clamp_min(least), places};
}

torch::Tensor joint_distances(Autoencoder& model, const JointSpace& space, const torch::Tensor& input,
                              const torch::Tensor& places) {
  const torch::Tensor points = in_usual_units(seen_and_changed(model, input), space.usual);
  const Neighbours nearest =
      nearest_others(space.points, points, {space.places, places, model.input_shape().width});
  const torch::Tensor apart = space.apart.index_select(0, nearest.indices.flatten());
  return nearest.distances.mean(1) / apart.view_as(nearest.indices).mean(1).pow(kByDensity);
}

}  // namespace autoencoder
