// The pictures of a model's work: what `train` leaves in a run, and what `reconstruct` and `sample` draw.
#pragma once

#include <filesystem>
#include <optional>

#include <torch/types.h>

#include "data/corruption.h"
#include "models/autoencoder.h"
#include "pictures/grid.h"
#include "run/history.h"
#include "run/run_directory.h"

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

/// Whether such data are points of the plane, or of space, which are drawn as points.
bool are_points(const ImageShape& shape);

/// How many examples tell what a model does to such data: some rows of images, or a whole cloud of points.
int64_t pictured_examples(const ImageShape& shape);

/// kAuto: only codes that are pictures themselves.
enum class CodeRow { kAuto, kShown };

void write_reconstructions(const std::filesystem::path& path, const Reconstruction& result,
                           const GridStyle& style, CodeRow code_row = CodeRow::kAuto);

/// What codes (N x D, any device) stand for, on the CPU: N x C x H x W.
torch::Tensor decoded(Autoencoder& model, const torch::Tensor& codes);

/// New examples from the model's own prior (N x C x H x W, on the CPU), the same in every call; nothing where
/// it has none.
std::optional<torch::Tensor> prior_samples(Autoencoder& model);

/// Draws them (N x C x H x W) in a near-square grid.
void write_samples(const std::filesystem::path& path, const torch::Tensor& samples, const std::string& title);

/// loss.png: training and validation loss over epochs.
void write_loss_chart(const RunDirectory& run, const History& history);

}  // namespace autoencoder
