#include "tasks/detection_pictures.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <torch/types.h>

#include "evaluation/reconstruction.h"
#include "pictures/curves.h"
#include "pictures/grid.h"
#include "pictures/overlay.h"
#include "pictures/pictures.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

ChartCurve roc_curve(const std::string& name, const Ranking& ranking) {
  ChartCurve curve = {fmt::format("{}, {:.4f}", name, ranking.area_under_roc), {0}, {0}};
  for (const OperatingPoint& point : ranking.points) {
    curve.x.push_back(point.false_positive_rate);
    curve.y.push_back(point.true_positive_rate);
  }
  return curve;
}

ChartCurve precision_curve(const std::string& name, const Ranking& ranking) {
  ChartCurve curve = {fmt::format("{}, {:.4f}", name, ranking.average_precision), {}, {}};
  for (const OperatingPoint& point : ranking.points) {
    curve.x.push_back(point.true_positive_rate);
    curve.y.push_back(point.precision);
  }
  return curve;
}

fs::path draw_roc(const RunDirectory& run, const Rankings& rankings) {
  std::vector<ChartCurve> curves;
  for (const auto& [name, ranking] : rankings) {
    curves.push_back(roc_curve(name, ranking));
  }
  write_chart(run.picture("roc"), curves,
              {.title = run.name() + ", receiver operating characteristic and the area under it",
               .x_label = "false positive rate",
               .y_label = "true positive rate",
               .kind = ChartKind::kPlain});
  return run.picture("roc");
}

fs::path draw_precision(const RunDirectory& run, const Rankings& rankings) {
  std::vector<ChartCurve> curves;
  for (const auto& [name, ranking] : rankings) {
    curves.push_back(precision_curve(name, ranking));
  }
  write_chart(run.picture("precision-recall"), curves,
              {.title = run.name() + ", precision over recall, and average precision",
               .x_label = "recall",
               .y_label = "precision",
               .kind = ChartKind::kPlain});
  return run.picture("precision-recall");
}

// With the outlines of their masks, where those are known.
torch::Tensor with_outlines(const torch::Tensor& pictures, const Examples& masks,
                            const torch::Tensor& chosen) {
  return masks.defined() ? outlined(pictures, masks.stored(chosen)) : pictures;
}

fs::path draw_strangest(const OpenRun& run, const Detection& detection, int64_t count) {
  const Dataset& data = detection.data.examples;
  const torch::Tensor strangest = torch::tensor(detection.strangest(count));
  const Reconstruction result = reconstruct(run.model(), data.images.stored(strangest), Corruption());
  const AnomalyMap& map = detection.detector.map;
  const torch::Tensor maps = map.of(result.originals, result.reconstructions);
  const double brightest = detection.brightest(maps.amax().item<double>());
  const torch::Tensor over_pictures = heat_over(result.originals, maps / brightest);
  const fs::path path = run.directory.picture("anomalies");
  write_grid(path,
             {{"example", with_outlines(result.originals, data.masks, strangest)},
              {"reconstruction", result.reconstructions},
              {map.text(), with_outlines(over_pictures, data.masks, strangest)}},
             {.layout = GridLayout::kRows,
              .columns = 0,
              .zoom = 0,
              .title = fmt::format("{}, the strangest of the {}", run.directory.name(), detection.data.text),
              .bar = ColourBar{heat_scale(), 0, brightest, map.text()}});
  return path;
}

}  // namespace

std::vector<fs::path> draw_rankings(const RunDirectory& run, const Rankings& rankings) {
  return {draw_roc(run, rankings), draw_precision(run, rankings)};
}

std::vector<fs::path> draw_detection(const OpenRun& run, const Detection& detection, int64_t count) {
  std::vector<fs::path> pictures;
  if (!pictures_available()) {
    return pictures;
  }
  if (count > 0 && run.model().input_shape().is_image()) {
    pictures.push_back(draw_strangest(run, detection, count));
  }
  if (!detection.rankings.empty()) {
    for (const fs::path& picture : draw_rankings(run.directory, detection.rankings)) {
      pictures.push_back(picture);
    }
  }
  return pictures;
}

}  // namespace autoencoder
