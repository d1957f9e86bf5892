// How well a score tells two kinds of examples apart: receiver operating characteristic, precision and
// recall.
#pragma once

#include <cstdint>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

/// What a threshold gives: everything that scores at least that much is called positive.
struct OperatingPoint {
  double threshold = 0;
  double true_positive_rate = 0;  ///< recall
  double false_positive_rate = 0;
  double precision = 0;
};

/// What calling those examples (N, bool) positive gives; `threshold`: that by which they are called. Both
/// kinds are in is_positive (N, bool).
OperatingPoint operating_point(const torch::Tensor& called, const torch::Tensor& is_positive,
                               double threshold);

/// Whether some are positive and some are not. is_positive: N, bool.
bool has_both_kinds(const torch::Tensor& is_positive);

/// 2 precision recall / (precision + recall); 0 where both are.
double f1_of(const OperatingPoint& point);

struct Ranking {
  std::vector<OperatingPoint> points;  ///< one for each different score, from the largest down
  double area_under_roc = 0;     ///< chance that a positive scores more than a negative; ties count half
  double average_precision = 0;  ///< sum of precision times gain in recall (scikit-learn's definition)

  /// The point with the best F1.
  OperatingPoint best_f1() const;
};

/// scores: N; is_positive: N, bool, with both kinds in it. O(N log N).
Ranking rank(const torch::Tensor& scores, const torch::Tensor& is_positive);

}  // namespace autoencoder
