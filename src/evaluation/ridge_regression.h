// Ridge regression (Hoerl & Kennard 1970): how much of a number a linear function of features tells.
#pragma once

#include <vector>

#include <torch/types.h>

#include "evaluation/standardisation.h"

namespace autoencoder {

/// A fitted regression. float64.
struct RidgeRegression {
  Standardisation standardisation;
  torch::Tensor weight;  ///< F
  double intercept = 0;
  double penalty = 0;  ///< that was chosen

  /// features: N x F -> N.
  torch::Tensor predict(const torch::Tensor& features) const;
};

/// Minimises |y - Xw - b|^2 + penalty * |w|^2 over standardised features, with that of the penalties whose
/// error is the smallest where each example is predicted from all others (Golub, Heath & Wahba 1979,
/// eq. 1.2): what scikit-learn's RidgeCV does. features: N x F, N > 1; targets: N; penalties: one or more,
/// above 0.
RidgeRegression fit_ridge_regression(const torch::Tensor& features, const torch::Tensor& targets,
                                     const std::vector<double>& penalties);

}  // namespace autoencoder
