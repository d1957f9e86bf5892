// What a report shows of a model's work on examples: reconstructions, the map of the codes, errors by class.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

#include "commands/run_access.h"
#include "data/classes.h"
#include "report/report.h"

namespace autoencoder {

/// Examples, and what a model makes of them. On the CPU.
struct MeasuredExamples {
  Dataset data;
  std::string text;      ///< which examples these are, for people
  Classes classes;       ///< nothing where there are no labels
  torch::Tensor codes;   ///< N x D
  torch::Tensor errors;  ///< N, mean squared error
};

/// `most` examples at most, chosen at random but the same in every call; 0: all. The model sees them as it
/// did in training: corrupted, where it learned from corrupted ones.
MeasuredExamples measure_examples(OpenRun& run, const RunData& data, int64_t most);

/// Some examples over their reconstructions, the worst and the best; points as points, other vectors in
/// tables.
report::Section reconstructions_section(OpenRun& run, const MeasuredExamples& measured);

/// The codes as a map of at most a thousand dots that show their examples.
report::Section codes_section(OpenRun& run, const MeasuredExamples& measured);

/// Mean error of each class; no blocks where there are no labels.
report::Section classes_section(const MeasuredExamples& measured);

/// An image (C x H x W in [0, 1]) for a report, reduced where it is very large.
report::Picture report_picture(const std::string& caption, const torch::Tensor& image);

/// Rows of as many images each as there are tiles; `tiles` name the examples.
report::Gallery gallery_of(const std::string& caption, const std::vector<Panel>& rows,
                           std::vector<report::Tile> tiles);

/// Images (N x C x H x W) in one picture, near square, with lines between them.
report::Picture mosaic(const std::string& caption, const torch::Tensor& images);

/// Points (N x 1 x 1 x 2, or 3: the first and the last number) with a name, to be drawn together.
struct NamedPoints {
  std::string name;
  torch::Tensor points;
};
report::Map map_of_points(const std::string& caption, const std::vector<NamedPoints>& clouds);

}  // namespace autoencoder
