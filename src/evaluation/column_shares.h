// Which columns make a table's row strange.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

#include "data/dataset.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// Of rows, what part each column has in the error of their reconstruction (column_errors).
struct ColumnShares {
  std::vector<std::string> columns;  ///< names, D
  torch::Tensor shares;              ///< N x D, float32, on the CPU: 0..1, of each row 1 in all; 0 of a hole

  /// The `most` columns with the largest part in the error of a row, with their shares in percent, the
  /// largest first; those of less than 1 % are left out: "age 62 %, income 30 %".
  std::string text(int64_t row, int64_t most) const;
};

/// Of a table's data and a model of its rows.
ColumnShares column_shares(Autoencoder& model, const Dataset& data);

}  // namespace autoencoder
