// How near rows that a model made up are to real ones.
#pragma once

#include <optional>
#include <string>

#include <torch/types.h>

#include "data/table_schema.h"

namespace autoencoder {

/// A classifier's F1 (of the rarer class of two, else the mean over classes) on real rows, learned from the
/// others.
struct TransferredScore {
  std::string column;  ///< that is told from all others
  double from_synthetic = 0;
  double from_real = 0;  ///< learned from the real rows that the model learned from
};

/// Shares and differences in [0, 1].
struct SyntheticQuality {
  /// Of a column 1 - the largest difference of distribution functions (Kolmogorov-Smirnov) of numbers, counts
  /// and times, 1 - half the sum of differences of shares (total variation) of words; mean over columns.
  double marginals = 0;
  /// 1 - half the mean absolute difference of correlations, over pairs of entries of different columns.
  double correlations = 0;
  double copied = 0;  ///< share of made-up rows that are, cell by cell as written, a row of the training data
  std::optional<TransferredScore> classifier;
};

/// Rows N x W in the data's range, without holes; `column`: one of words or yes-no, or -1.
struct SyntheticData {
  torch::Tensor synthetic;
  torch::Tensor train;  ///< real, that the model learned from
  torch::Tensor test;   ///< real, that it did not
  int64_t target_column = -1;
};

SyntheticQuality measure_synthetic(const TableSchema& schema, const SyntheticData& data);

}  // namespace autoencoder
