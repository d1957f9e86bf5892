// Tensors as the pictures and points of a report. Pictures need a build that can draw.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

#include "models/autoencoder.h"
#include "report/report.h"

namespace autoencoder {

/// An image (C x H x W in [0, 1]) for a report, reduced where it is very large.
report::Picture report_picture(const std::string& caption, const torch::Tensor& image);

/// Images (N x C x H x W in [0, 1]) in one, for the dots of a map; reduced to the size of a thumbnail.
report::Sheet report_sheet(const std::string& caption, const torch::Tensor& images);

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
