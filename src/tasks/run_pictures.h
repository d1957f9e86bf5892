// The pictures of a model's work: what `train` leaves in a run, and what `reconstruct` and `sample` draw.
#pragma once

#include <filesystem>
#include <string>

#include <torch/types.h>

#include "evaluation/reconstruction.h"
#include "pictures/grid.h"
#include "run/history.h"
#include "run/run_directory.h"

namespace autoencoder {

/// kAuto: only codes that are pictures themselves.
enum class CodeRow { kAuto, kShown };

/// Points as points; other examples in a grid, over their reconstructions. Numbers beyond 0 to 1 are drawn
/// from the least to the largest of the originals.
void write_reconstructions(const std::filesystem::path& path, const Reconstruction& result,
                           const GridStyle& style, CodeRow code_row = CodeRow::kAuto);

/// Draws them (N x C x H x W) in a near-square grid.
void write_samples(const std::filesystem::path& path, const torch::Tensor& samples, const std::string& title);

/// loss.png: training and validation loss over epochs.
void write_loss_chart(const RunDirectory& run, const History& history);

}  // namespace autoencoder
