#include "tasks/run_pictures.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "pictures/curves.h"
#include "pictures/scatter.h"

namespace autoencoder {
namespace {

void write_point_clouds(const std::filesystem::path& path, const Reconstruction& result,
                        const std::string& title) {
  std::vector<ScatterPlot> plots = {{"original", result.originals.flatten(1)}};
  for (const Panel& panel : result.between) {
    plots.push_back({panel.caption, panel.images.flatten(1)});
  }
  if (result.codes.size(1) <= 3) {
    plots.push_back({"code", result.codes});
  }
  plots.push_back({"reconstruction", result.reconstructions.flatten(1)});
  write_scatter(path, plots, result.codes.select(1, 0), title);
}

// Numbers that are no shades from 0 to 1, such as heights, as shades from the least to the largest of the
// originals.
torch::Tensor as_shades(const torch::Tensor& images, const torch::Tensor& originals) {
  const double min = originals.min().item<double>();
  const double max = originals.max().item<double>();
  return min >= 0 && max <= 1 ? images : (images - min) / (max - min);
}

}  // namespace

void write_reconstructions(const std::filesystem::path& path, const Reconstruction& result,
                           const GridStyle& style, CodeRow code_row) {
  const torch::Tensor& originals = result.originals;
  if (are_points({originals.size(1), originals.size(2), originals.size(3)})) {
    write_point_clouds(path, result, style.title);
    return;
  }
  std::vector<GridPart> parts = {{"original", as_shades(originals, originals)}};
  for (const Panel& panel : result.between) {
    parts.push_back({panel.caption, as_shades(panel.images, originals)});
  }
  if (code_row == CodeRow::kShown || result.code_is_picture) {
    parts.push_back({"code", codes_as_images(result.codes)});
  }
  parts.push_back({"reconstruction", as_shades(result.reconstructions, originals)});
  write_grid(path, parts, style);
}

void write_samples(const std::filesystem::path& path, const torch::Tensor& samples,
                   const std::string& title) {
  write_grid(path, {{"", samples}}, {.layout = GridLayout::kRows, .columns = 0, .zoom = 0, .title = title});
}

void write_loss_chart(const RunDirectory& run, const History& history) {
  ChartCurve train{"train", {}, {}};
  ChartCurve validation{"validation", {}, {}};
  for (const EpochRecord& record : history) {
    train.x.push_back(static_cast<double>(record.epoch));
    train.y.push_back(record.train.total);
    if (record.validation) {
      validation.x.push_back(static_cast<double>(record.epoch));
      validation.y.push_back(record.validation->total);
    }
  }
  std::vector<ChartCurve> curves = {train};
  if (!validation.x.empty()) {
    curves.push_back(validation);
  }
  write_chart(run.picture("loss"), curves,
              {.title = run.name(), .x_label = "epoch", .y_label = "loss", .kind = ChartKind::kLoss});
}

}  // namespace autoencoder
