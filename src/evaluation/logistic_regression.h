// Multinomial logistic regression: how far a linear boundary tells classes apart.
#pragma once

#include <cstdint>

#include <torch/types.h>

#include "evaluation/standardisation.h"

namespace autoencoder {

struct LogisticRegressionOptions {
  double inverse_penalty = 1;  ///< C of scikit-learn: the smaller, the shorter the weights
  int64_t max_steps = 100;     ///< of L-BFGS
  double tolerance = 1e-4;     ///< of the largest derivative, at which it has converged
};

/// A fitted classifier.
struct LogisticRegression {
  torch::Tensor classes;  ///< C, int64: the labels that there were, ascending
  Standardisation standardisation;
  torch::Tensor weight;    ///< C x F
  torch::Tensor bias;      ///< C
  bool converged = false;  ///< within max_steps

  /// Log-probabilities of the classes, N x C. features: N x F.
  torch::Tensor log_probabilities(const torch::Tensor& features) const;

  /// The label of the most probable class, N.
  torch::Tensor classify(const torch::Tensor& features) const;
};

/// Minimises C * sum of cross-entropies + |weight|^2 / 2 over standardised features: what scikit-learn's
/// LogisticRegression does (of two classes it learns one weight vector, which is the same as twice the
/// penalty on both). Starts at zero and draws nothing: the same data give the same classifier. features: N x
/// F, floating point; labels: N, int64, of two classes or more.
LogisticRegression fit_logistic_regression(const torch::Tensor& features, const torch::Tensor& labels,
                                           const LogisticRegressionOptions& options = {});

}  // namespace autoencoder
