// Holes of a table's rows, filled by a model.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "models/autoencoder.h"

namespace autoencoder {

/// The rows with a value in every hole: what is expected there given the cells that are there. A model that
/// was told of holes in training is asked once; any other starts from its guess and is asked again about what
/// it filled in (Rezende, Mohamed & Wierstra 2014, appendix F).
///
/// rows: N x 1 x 1 x W in the data's range, on the model's device; the model in evaluation mode.
torch::Tensor fill_holes(Autoencoder& model, const torch::Tensor& rows);

/// The same with values drawn from their distribution given the others, for multiple imputation (Rubin 1987):
/// of a model with a prior and a likelihood, a chain of draws of codes and of cells in turns.
torch::Tensor draw_holes(Autoencoder& model, const torch::Tensor& rows, const at::Generator& rng);

}  // namespace autoencoder
