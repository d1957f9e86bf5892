// Holes of examples, filled by a model: cells of a table's rows, parts of pictures.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "models/autoencoder.h"

namespace autoencoder {

/// The examples with a value in every hole (NaN): what is expected there given what is there. A model that
/// was told of holes in training is asked once; any other starts from its guess, of pictures from mid-grey,
/// and is asked again about what it filled in (Rezende, Mohamed & Wierstra 2014, appendix F).
///
/// examples: N x C x H x W in the data's range, on the model's device; the model in evaluation mode.
torch::Tensor fill_holes(Autoencoder& model, const torch::Tensor& examples);

/// The same of a table's rows, N x 1 x 1 x W, with values drawn from their distribution given the others, for
/// multiple imputation (Rubin 1987): of a model with a prior and a likelihood, a chain of draws of codes and
/// of cells in turns.
torch::Tensor draw_holes(Autoencoder& model, const torch::Tensor& rows, const at::Generator& rng);

}  // namespace autoencoder
