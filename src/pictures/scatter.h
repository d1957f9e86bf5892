// Points of the plane, plot beside plot, as PNG.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

struct ScatterPlot {
  std::string title;
  torch::Tensor points;  ///< N x 1 (drawn along a line), N x 2, or N x 3 (its first and third number)
};

/// Draws the plots to `path` side by side. All have the same N; point i has the same colour in every plot, by
/// the rank of `colour_by` (N): what lies together in one plot is found again in the others. Both axes of a
/// plot have the same scale. Throws Error where the file cannot be written.
void write_scatter(const std::filesystem::path& path, const std::vector<ScatterPlot>& plots,
                   const torch::Tensor& colour_by, const std::string& title);

/// Points of classes.
struct LabelledPoints {
  torch::Tensor points;            ///< N x 2
  torch::Tensor labels;            ///< N, int64: classes from 0; undefined where there are none
  std::vector<std::string> names;  ///< of the classes
};

/// Draws one large plot to `path`, each class in its own colour, with a legend. Throws Error where the file
/// cannot be written.
void write_labelled_scatter(const std::filesystem::path& path, const LabelledPoints& data,
                            const std::string& title);

}  // namespace autoencoder
