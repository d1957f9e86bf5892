// What a model makes of examples, and of codes: what pictures and reports show.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <torch/types.h>

#include "data/corruption.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// Images through a model, all on the CPU.
struct Reconstruction {
  torch::Tensor originals;        ///< N x C x H x W, float
  std::vector<Panel> between;     ///< what the model saw of them, and what its family has to show
  torch::Tensor codes;            ///< N x D
  torch::Tensor reconstructions;  ///< N x C x H x W
  bool code_is_picture = false;
};

/// images: N x C x H x W, uint8 or float. The model must be in evaluation mode; it sees them corrupted.
Reconstruction reconstruct(Autoencoder& model, const torch::Tensor& images, const Corruption& corruption);

/// What codes (N x D, any device) stand for, on the CPU: N x C x H x W.
torch::Tensor decoded(Autoencoder& model, const torch::Tensor& codes);

/// New examples from the model's own prior (N x C x H x W, on the CPU), the same in every call; nothing where
/// it has none.
std::optional<torch::Tensor> prior_samples(Autoencoder& model);

/// Whether such data are points of the plane, or of space, which are drawn as points.
bool are_points(const ImageShape& shape);

/// How many examples tell what a model does to such data: some rows of images, or a whole cloud of points.
int64_t pictured_examples(const ImageShape& shape);

}  // namespace autoencoder
