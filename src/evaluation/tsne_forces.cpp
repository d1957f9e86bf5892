#include "evaluation/tsne_forces.h"

#include <cmath>
#include <numeric>

#include <ATen/Parallel.h>

#include "common/vectorised.h"

namespace autoencoder {
namespace {

constexpr int64_t kRowsAtOnce = 64;

struct PointSum {
  float x = 0;
  float y = 0;
  float q = 0;
};

// The repulsion of all `count` points on one of them.
AUTOENCODER_VECTORISED
PointSum repulsion_on(float at_x, float at_y, const float* x, const float* y, int64_t count) {
  float force_x = 0;
  float force_y = 0;
  float sum = 0;
#pragma omp simd reduction(+ : force_x, force_y, sum)
  for (int64_t j = 0; j < count; ++j) {
    const float across = at_x - x[j];
    const float up = at_y - y[j];
    const float q = 1 / (1 + across * across + up * up);
    sum += q;
    force_x += q * q * across;
    force_y += q * q * up;
  }
  return {force_x, force_y, sum};
}

float closeness(const PlanePoints& points, size_t i, size_t j) {
  const float across = points.x[i] - points.x[j];
  const float up = points.y[i] - points.y[j];
  return 1 / (1 + across * across + up * up);
}

}  // namespace

double repulsion(const PlanePoints& points, PlanePoints& force) {
  const auto count = static_cast<int64_t>(points.size());
  std::vector<float> sums(points.size());
  at::parallel_for(0, count, kRowsAtOnce, [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      const PointSum sum = repulsion_on(points.x[i], points.y[i], points.x.data(), points.y.data(), count);
      force.x[i] = sum.x;
      force.y[i] = sum.y;
      sums[i] = sum.q;
    }
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0) - static_cast<double>(count);  // q_ii is 1
}

void attraction(const PlanePoints& points, const Affinities& affinities, PlanePoints& force) {
  at::parallel_for(0, static_cast<int64_t>(points.size()), kRowsAtOnce, [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      float force_x = 0;
      float force_y = 0;
      for (auto entry = static_cast<size_t>(affinities.row_starts[i]);
           entry < static_cast<size_t>(affinities.row_starts[i + 1]); ++entry) {
        const auto j = static_cast<size_t>(affinities.columns[entry]);
        const float pull = affinities.values[entry] * closeness(points, i, j);
        force_x += pull * (points.x[i] - points.x[j]);
        force_y += pull * (points.y[i] - points.y[j]);
      }
      force.x[i] = force_x;
      force.y[i] = force_y;
    }
  });
}

double divergence_of(const PlanePoints& points, const Affinities& affinities, double normalisation) {
  double divergence = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    for (auto entry = static_cast<size_t>(affinities.row_starts[i]);
         entry < static_cast<size_t>(affinities.row_starts[i + 1]); ++entry) {
      const double p = affinities.values[entry];
      const double q = closeness(points, i, static_cast<size_t>(affinities.columns[entry])) / normalisation;
      divergence += p > 0 ? p * std::log(p / q) : 0;
    }
  }
  return divergence;
}

}  // namespace autoencoder
