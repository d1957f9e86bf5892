// Probes: classifiers that are trained on some labels to see what features are worth to other tasks.
#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "evaluation/features.h"

namespace autoencoder {

/// Classes of the examples that a classifier learns from (N) and is tested on (M): int64, 0 .. classes - 1.
struct ProbeLabels {
  torch::Tensor train;
  torch::Tensor test;
  int64_t classes = 0;
};

struct ProbeRequest {
  int64_t labels = 0;      ///< how many training examples the classifiers are shown, drawn at random
  int64_t draws = 1;       ///< how often they are drawn anew
  int64_t neighbours = 5;  ///< that vote
  uint64_t seed = 0;       ///< the same draws for all features
};

struct ProbeResult {
  std::vector<double> nearest_neighbours;   ///< share of test examples classified right, of each draw
  std::vector<double> logistic_regression;  ///< likewise
  /// classes x classes, int64: test examples of class (row) that logistic regression took for class (column),
  /// sum over the draws.
  torch::Tensor confusion;
  int64_t stopped_early = 0;  ///< logistic regressions that had not converged at the limit of their steps
};

/// Needs two classes or more among the training examples, 2 <= labels <= N, and 1 <= neighbours <= labels.
ProbeResult probe(const ProbeFeatures& features, const ProbeLabels& labels, const ProbeRequest& request);

/// Positions of `count` of the labels (N, int64), at random: first one of every class, then such that each
/// class keeps its share (Sainte-Lague's divisors).
torch::Tensor stratified_draw(const torch::Tensor& labels, int64_t count, const at::Generator& rng);

}  // namespace autoencoder
