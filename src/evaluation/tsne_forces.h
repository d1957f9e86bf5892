// The two sums over pairs of points that t-SNE's gradient consists of, written for the processor's vector
// units.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace autoencoder {

/// Points of the plane, coordinate by coordinate.
struct PlanePoints {
  std::vector<float> x;
  std::vector<float> y;

  explicit PlanePoints(size_t count = 0) : x(count), y(count) {}
  size_t size() const { return x.size(); }
};

/// A sparse symmetric matrix of affinities, row after row (CSR).
struct Affinities {
  std::span<const int64_t> row_starts;  ///< N + 1
  std::span<const int64_t> columns;
  std::span<const float> values;
};

/// With q_ij = 1 / (1 + |y_i - y_j|^2): force_i = sum_j q_ij^2 (y_i - y_j). Returns the sum of q_ij over all
/// pairs i != j.
double repulsion(const PlanePoints& points, PlanePoints& force);

/// force_i = sum_j p_ij q_ij (y_i - y_j).
void attraction(const PlanePoints& points, const Affinities& affinities, PlanePoints& force);

/// sum of p_ij log(p_ij / (q_ij / normalisation)).
double divergence_of(const PlanePoints& points, const Affinities& affinities, double normalisation);

}  // namespace autoencoder
