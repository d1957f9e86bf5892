#include "tasks/series_pictures.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <torch/types.h>

#include "pictures/pictures.h"
#include "pictures/series_chart.h"
#include "tasks/detection_pictures.h"
#include "tasks/series_detection.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostColumns = 3;  // of a window, or of a series, that are drawn
constexpr int64_t kMostSeries = 4;   // that are drawn

// The columns with the largest errors (D), in their own order.
std::vector<int64_t> worst_columns(const torch::Tensor& errors) {
  const torch::Tensor order = errors.argsort(/*dim=*/int64_t{0}, /*descending=*/true);
  std::vector<int64_t> columns;
  for (int64_t i = 0; i < std::min(kMostColumns, order.size(0)); ++i) {
    columns.push_back(order[i].item<int64_t>());
  }
  std::ranges::sort(columns);
  return columns;
}

// --- windows ---

SeriesPanel panel_of(const Windows& windows, const Reconstruction& shown, int64_t window, int64_t column) {
  const int64_t first = windows.first[window].item<int64_t>();
  const Series& series = windows.of->series[static_cast<size_t>(windows.series[window].item<int64_t>())];
  const std::vector<double> steps = numbers_in(torch::arange(first, first + windows.of->window));
  const auto line = [&](const std::string& name, const torch::Tensor& all) {
    return ChartCurve{name, steps, numbers_in(all[window][column][0])};
  };
  SeriesPanel panel = {fmt::format("{}, {} from step {}", series.name,
                                   windows.of->columns[static_cast<size_t>(column)], first),
                       {line("original", shown.originals)}};
  for (const Panel& between : shown.between) {
    if (between.images.sizes() == shown.originals.sizes()) {
      panel.curves.push_back(line(between.caption, between.images));
    }
  }
  panel.curves.push_back(line("reconstruction", shown.reconstructions));
  return panel;
}

// --- series ---

// The places in StepScores of one series.
struct Part {
  int64_t series;
  int64_t first;
  int64_t count;
};

// Those with the largest scores.
std::vector<Part> strangest_series(const StepScores& steps, int64_t most) {
  std::vector<std::pair<double, Part>> parts;
  const auto [series, places, counts] =
      torch::unique_consecutive(steps.series, false, /*return_counts=*/true);
  int64_t first = 0;
  for (int64_t i = 0; i < series.size(0); ++i) {
    const auto count = counts[i].item<int64_t>();
    const double largest = steps.scores.narrow(0, first, count).max().item<double>();
    parts.push_back({largest, {series[i].item<int64_t>(), first, count}});
    first += count;
  }
  std::ranges::stable_sort(parts, std::greater<>(), [](const auto& part) { return part.first; });
  std::vector<Part> strangest;
  for (size_t i = 0; i < parts.size() && std::ssize(strangest) < most; ++i) {
    strangest.push_back(parts[i].second);
  }
  return strangest;
}

// Runs of `are_chosen` that lie in the part, as steps of its series.
std::vector<StepSpan> spans_of(const StepScores& steps, const torch::Tensor& are_chosen, const Part& part) {
  std::vector<StepSpan> spans;
  for (const auto& [first, end] : runs_of(steps, are_chosen)) {
    if (first >= part.first && first < part.first + part.count) {
      spans.push_back({steps.step[first].item<double>(), steps.step[end - 1].item<double>()});
    }
  }
  return spans;
}

class SeriesPainter {
 public:
  SeriesPainter(const SeriesDetection& detection, const Part& part)
      : detection_(detection),
        part_(part),
        series_(detection.set().series[static_cast<size_t>(part.series)]),
        steps_(narrowed(detection.steps.step)) {
    shaded_ = spans_of(detection.steps, detection.called(), part);
    if (detection.steps.is_anomaly.defined()) {
      marked_ = spans_of(detection.steps, detection.steps.is_anomaly, part);
    }
  }

  void add_to(std::vector<SeriesPanel>& panels) const {
    const StepScores& all = detection_.steps;
    for (const int64_t column : worst_columns(std::get<0>(narrowed(all.errors).max(0)))) {
      panels.push_back(panel(fmt::format("{}, {}", series_.name, column_name(column)),
                             {line("original", series_.steps.select(1, column).index_select(0, steps_)),
                              line("reconstruction", in_own_units(column))}));
    }
    panels.push_back(panel(fmt::format("{}, {} by step", series_.name, detection_.detector.score),
                           {line("score", narrowed(all.scores))}));
    panels.back().level = detection_.detector.threshold;
  }

 private:
  torch::Tensor narrowed(const torch::Tensor& all) const { return all.narrow(0, part_.first, part_.count); }

  const std::string& column_name(int64_t column) const {
    return detection_.set().columns[static_cast<size_t>(column)];
  }

  torch::Tensor in_own_units(int64_t column) const {
    const torch::Tensor standardised = narrowed(detection_.steps.reconstructions).select(1, column);
    return series_.scale.mean.defined()
               ? standardised * series_.scale.deviation[column] + series_.scale.mean[column]
               : standardised;
  }

  // Steps that no window covers leave a gap.
  ChartCurve line(const std::string& name, const torch::Tensor& values) const {
    ChartCurve curve = {name, {}, {}};
    const std::vector<double> steps = numbers_in(steps_);
    const std::vector<double> heights = numbers_in(values);
    for (size_t i = 0; i < steps.size(); ++i) {
      if (i > 0 && steps[i] > steps[i - 1] + 1) {
        curve.x.push_back(steps[i - 1]);
        curve.y.push_back(std::numeric_limits<double>::quiet_NaN());
      }
      curve.x.push_back(steps[i]);
      curve.y.push_back(heights[i]);
    }
    return curve;
  }

  SeriesPanel panel(std::string title, std::vector<ChartCurve> curves) const {
    return {std::move(title), std::move(curves), shaded_, marked_, {}};
  }

  const SeriesDetection& detection_;
  Part part_;
  const Series& series_;
  torch::Tensor steps_;
  std::vector<StepSpan> shaded_;
  std::vector<StepSpan> marked_;
};

}  // namespace

std::vector<int64_t> windows_apart(int64_t count, int64_t available) {
  std::vector<int64_t> positions;
  for (int64_t i = 0; i < count; ++i) {
    positions.push_back(count > 1 ? i * (available - 1) / (count - 1) : 0);
  }
  return positions;
}

void write_window_reconstructions(const fs::path& path, const Windows& windows, const Reconstruction& shown,
                                  const std::string& title) {
  std::vector<SeriesPanel> panels;
  const torch::Tensor errors = (shown.originals - shown.reconstructions).square().mean({2, 3});
  for (int64_t window = 0; window < errors.size(0); ++window) {
    for (const int64_t column : worst_columns(errors[window])) {
      panels.push_back(panel_of(windows, shown, window, column));
    }
  }
  write_series(path, panels, {.title = title, .columns = 2});
}

std::vector<fs::path> draw_series_detection(const RunDirectory& run, const SeriesDetection& detection,
                                            int64_t count) {
  std::vector<fs::path> pictures;
  if (!pictures_available()) {
    return pictures;
  }
  if (count > 0) {
    std::vector<SeriesPanel> panels;
    for (const Part& part : strangest_series(detection.steps, std::min(count, kMostSeries))) {
      SeriesPainter(detection, part).add_to(panels);
    }
    pictures.push_back(run.picture("anomalies"));
    write_series(pictures.back(), panels,
                 {.title = fmt::format("{}, anomalies in the {}", run.name(), detection.data.text)});
  }
  if (!detection.figures.empty()) {
    std::vector<std::pair<std::string, Ranking>> rankings;
    for (const auto& [name, figures] : detection.figures) {
      rankings.emplace_back(name, figures.ranking);
    }
    const std::vector<fs::path> curves = draw_rankings(run, rankings);
    pictures.insert(pictures.end(), curves.begin(), curves.end());
  }
  return pictures;
}

}  // namespace autoencoder
