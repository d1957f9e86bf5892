// How badly a table's rows are reconstructed, column by column.
#pragma once

#include <torch/types.h>

#include "models/autoencoder.h"

namespace autoencoder {

/// The error of each column of rows with the model's layout, N x D: of a number the squared difference in
/// units of the model's scale, of a time the mean of its entries'; of yes-no and of words, whose entries are
/// probabilities, half the sum of squared differences (Brier 1950: 0..1), of yes-no the square itself; of a
/// count the squared difference of log(1 + x). NaN where `rows` has a hole.
///
/// rows, reconstructions: N x 1 x 1 x W in the data's range.
torch::Tensor column_errors(const Autoencoder& model, const torch::Tensor& rows,
                            const torch::Tensor& reconstructions);

/// The mean error of what is reconstructed, N: of a table's row the mean over its columns that are no holes
/// (0 where all are), of any other example its mean squared error.
torch::Tensor reconstruction_errors(const Autoencoder& model, const torch::Tensor& originals,
                                    const torch::Tensor& reconstructions);

/// The same with differences that are not squared.
torch::Tensor absolute_errors(const Autoencoder& model, const torch::Tensor& originals,
                              const torch::Tensor& reconstructions);

}  // namespace autoencoder
