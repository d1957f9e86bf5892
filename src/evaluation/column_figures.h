// How well single cells of a table are told: a figure for each column.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

#include "data/dataset.h"
#include "data/table_schema.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// Of numbers, counts and times (in days) the root mean squared error in the column's own units; of yes-no
/// and of words the share of cells that are right.
struct ColumnFigure {
  std::string name;
  bool is_share = false;  ///< of right cells, where more is better; else an error
  double value = 0;
  double baseline =
      0;              ///< the same, of the mean of the column's cells that were there, or the commonest word
  double spread = 0;  ///< of an error: the standard deviation of those cells, of which it is a share; else 0
  int64_t cells = 0;
};

/// One for each column with cells to judge. truth, guess: N x W rows in the data's range; `judged`: N x D,
/// bool, the cells that are judged, which must be there in `truth`; those that are not judged are what the
/// baseline knows.
std::vector<ColumnFigure> column_figures(const TableSchema& schema, const torch::Tensor& truth,
                                         const torch::Tensor& guess, const torch::Tensor& judged);

/// Of all cells that are there, reconstructed from rows with all of them. Of a table's data.
std::vector<ColumnFigure> reconstruction_figures(Autoencoder& model, const Dataset& data);

/// Where columns of encoded rows (N x W) have holes: N x D, bool.
torch::Tensor holes_in(const RowLayout& layout, const torch::Tensor& rows);

/// The word of each cell of a yes-no column or a category, by its entries (N x width): its number, N, int64.
torch::Tensor words_of(const torch::Tensor& entries);

/// "RMSE" or "accuracy".
std::string measure_of(const ColumnFigure& figure);

}  // namespace autoencoder
