#include "evaluation/tsne.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <torch/special.h>
#include <torch/types.h>

#include "evaluation/nearest_neighbours.h"
#include "evaluation/tsne_forces.h"
#include "models/pca.h"

namespace autoencoder {
namespace {

// As in van der Maaten's own implementation, with the learning rate of Belkina et al. 2019.
constexpr double kExaggeration = 12;
constexpr double kExaggeratedShare = 0.25;  // of the steps
constexpr double kEarlyMomentum = 0.5;
constexpr double kMomentum = 0.8;
constexpr double kLeastLearningRate = 50;
constexpr float kLeastGain = 0.01F;
constexpr double kFirstSpread = 1e-4;
constexpr int kBisections = 64;

// A sparse symmetric matrix, row after row.
struct SparseRows {
  torch::Tensor row_starts;
  torch::Tensor columns;
  torch::Tensor values;

  explicit SparseRows(const torch::Tensor& coalesced)
      : columns(coalesced.indices()[1].contiguous()), values(coalesced.values()) {
    const torch::Tensor lengths = coalesced.indices()[0].bincount({}, coalesced.size(0));
    row_starts = torch::cat({torch::zeros({1}, torch::kInt64), lengths.cumsum(0)});
  }

  Affinities view() const {
    const auto length = static_cast<size_t>(columns.numel());
    return {{row_starts.const_data_ptr<int64_t>(), static_cast<size_t>(row_starts.numel())},
            {columns.const_data_ptr<int64_t>(), length},
            {values.const_data_ptr<float>(), length}};
  }
};

// The joint affinities of all pairs; their sum is 1.
SparseRows joint_affinities(const torch::Tensor& codes, double perplexity) {
  const int64_t count = codes.size(0);
  const auto wanted = static_cast<int64_t>(3 * perplexity);
  const Neighbours nearest = nearest_neighbours(codes, codes, std::min(count, wanted + 1));
  // A point is its own nearest neighbour, but for twins, of which any may come first.
  const torch::Tensor self = torch::arange(count).unsqueeze(1);
  const torch::Tensor is_self = nearest.indices == self;
  const torch::Tensor distances = nearest.distances.square().masked_fill(is_self, -1);
  const torch::Tensor order = distances.argsort(int64_t{1}).narrow(1, 1, nearest.indices.size(1) - 1);
  const torch::Tensor columns = nearest.indices.gather(1, order);
  const torch::Tensor values =
      conditional_affinities(distances.gather(1, order).clamp_min(0), perplexity) / (2.0 * count);
  const torch::Tensor places = torch::stack({self.expand_as(columns).flatten(), columns.flatten()});
  const torch::Tensor one_way =
      torch::sparse_coo_tensor(places, values.flatten().to(torch::kFloat32), {count, count});
  return SparseRows((one_way + one_way.t()).coalesce());
}

PlanePoints first_points(const torch::Tensor& codes) {
  torch::Tensor plane = codes.to(torch::kFloat64);
  if (codes.size(1) > 1) {
    plane = fit_pca(plane, 2).project(plane);
  } else {
    plane = torch::cat({plane - plane.mean(), torch::zeros_like(plane)}, 1);
  }
  plane = (plane * (kFirstSpread / plane.select(1, 0).std().clamp_min(1e-12))).to(torch::kFloat32);
  PlanePoints points(static_cast<size_t>(codes.size(0)));
  for (size_t axis = 0; axis < 2; ++axis) {
    const torch::Tensor column = plane.select(1, static_cast<int64_t>(axis)).contiguous();
    std::copy_n(column.const_data_ptr<float>(), points.size(), (axis == 0 ? points.x : points.y).begin());
  }
  return points;
}

// Gradient descent with momentum and a gain for each coordinate (Jacobs 1988).
class Descent {
 public:
  Descent(size_t count, double learning_rate)
      : learning_rate_(static_cast<float>(learning_rate)), velocity_(count), gain_(count) {
    std::fill(gain_.x.begin(), gain_.x.end(), 1.0F);
    std::fill(gain_.y.begin(), gain_.y.end(), 1.0F);
  }

  void step(PlanePoints& points, const PlanePoints& gradient, double momentum) {
    step(points.x, gradient.x, velocity_.x, gain_.x, static_cast<float>(momentum));
    step(points.y, gradient.y, velocity_.y, gain_.y, static_cast<float>(momentum));
  }

 private:
  void step(std::vector<float>& place, const std::vector<float>& gradient, std::vector<float>& velocity,
            std::vector<float>& gain, float momentum) const {
    for (size_t i = 0; i < place.size(); ++i) {
      const bool goes_on = (gradient[i] > 0) != (velocity[i] > 0);
      gain[i] = std::max(goes_on ? gain[i] + 0.2F : gain[i] * 0.8F, kLeastGain);
      velocity[i] = momentum * velocity[i] - learning_rate_ * gain[i] * gradient[i];
      place[i] += velocity[i];
    }
  }

  float learning_rate_;
  PlanePoints velocity_;
  PlanePoints gain_;
};

// 4 (exaggeration * attraction - repulsion / sum of q).
void combine(PlanePoints& attracted, const PlanePoints& repelled, double exaggeration, double sum) {
  const auto pull = static_cast<float>(4 * exaggeration);
  const auto push = static_cast<float>(4 / sum);
  for (size_t i = 0; i < attracted.size(); ++i) {
    attracted.x[i] = pull * attracted.x[i] - push * repelled.x[i];
    attracted.y[i] = pull * attracted.y[i] - push * repelled.y[i];
  }
}

torch::Tensor as_tensor(const PlanePoints& points) {
  return torch::stack({torch::tensor(points.x), torch::tensor(points.y)}, 1);
}

}  // namespace

torch::Tensor conditional_affinities(const torch::Tensor& squared_distances, double perplexity) {
  const torch::Tensor relative = squared_distances - std::get<0>(squared_distances.min(1, true));
  const double infinity = std::numeric_limits<double>::infinity();
  torch::Tensor low = torch::zeros({relative.size(0), 1}, torch::kFloat64);
  torch::Tensor high = torch::full_like(low, infinity);
  torch::Tensor precision = 1 / relative.mean(1, true).clamp_min(1e-12);
  torch::Tensor rows;
  for (int step = 0; step < kBisections; ++step) {
    rows = torch::softmax(-relative * precision, 1);
    const torch::Tensor entropy = torch::special::entr(rows).sum(1, true);
    const torch::Tensor is_wide = entropy > std::log(perplexity);
    low = torch::where(is_wide, precision, low);
    high = torch::where(is_wide, high, precision);
    precision = torch::where(high == infinity, 2 * precision, (low + high) / 2);
  }
  return rows;
}

TsneMap tsne(const torch::Tensor& codes, const TsneOptions& options,
             const std::function<void(int64_t step)>& progress) {
  const auto count = static_cast<size_t>(codes.size(0));
  TORCH_CHECK(static_cast<double>(count) > 3 * options.perplexity, count, " points for a perplexity of ",
              options.perplexity);
  const torch::NoGradGuard no_grad;
  const SparseRows joint = joint_affinities(codes, options.perplexity);
  const Affinities affinities = joint.view();
  PlanePoints points = first_points(codes);
  PlanePoints gradient(count);
  PlanePoints repelled(count);
  Descent descent(count, std::max(static_cast<double>(count) / kExaggeration / 4, kLeastLearningRate));
  const auto exaggerated = static_cast<int64_t>(kExaggeratedShare * static_cast<double>(options.steps));
  for (int64_t step = 1; step <= options.steps; ++step) {
    const bool is_early = step <= exaggerated;
    attraction(points, affinities, gradient);
    const double sum = repulsion(points, repelled);
    combine(gradient, repelled, is_early ? kExaggeration : 1, sum);
    descent.step(points, gradient, is_early ? kEarlyMomentum : kMomentum);
    if (progress) {
      progress(step);
    }
  }
  return {as_tensor(points), divergence_of(points, affinities, repulsion(points, repelled))};
}

}  // namespace autoencoder
