#include "report/series.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "evaluation/reconstruction.h"

namespace autoencoder {
namespace {

constexpr int64_t kMostColumnsCharted = 2;  // of a window: two lines each

// One window, D x L, and its reconstruction.
report::Curves chart_of(const Windows& windows, int64_t example, const torch::Tensor& original,
                        const torch::Tensor& reconstruction) {
  const int64_t first = windows.first[example].item<int64_t>();
  const std::vector<double> steps = numbers_in(torch::arange(first, first + windows.of->window));
  const torch::Tensor errors = (original - reconstruction).square().mean(1);
  const torch::Tensor order = errors.argsort(/*dim=*/int64_t{0}, /*descending=*/true);
  report::Curves chart = {window_name(windows, example), "step", "standardised", {}};
  for (int64_t i = 0; i < std::min(kMostColumnsCharted, order.size(0)); ++i) {
    const auto column = order[i].item<int64_t>();
    const std::string& name = windows.of->columns[static_cast<size_t>(column)];
    chart.curves.push_back({.name = name, .x = steps, .y = numbers_in(original[column])});
    chart.curves.push_back(
        {.name = name + ", reconstruction", .x = steps, .y = numbers_in(reconstruction[column])});
  }
  return chart;
}

}  // namespace

std::string window_name(const Windows& windows, int64_t example) {
  const auto first = windows.first[example].item<int64_t>();
  const auto series = static_cast<size_t>(windows.series[example].item<int64_t>());
  return fmt::format("{}, steps {} to {}", windows.of->series[series].name, first,
                     first + windows.of->window - 1);
}

std::vector<report::Block> window_blocks(Autoencoder& model, const MeasuredExamples& measured,
                                         const torch::Tensor& indices, const std::string& caption) {
  const Reconstruction shown = reconstruct(model, measured.data.images.stored(indices), measured.corruption);
  std::vector<report::Block> blocks = {report::Paragraph{caption}};
  for (int64_t i = 0; i < indices.size(0); ++i) {
    blocks.emplace_back(chart_of(measured.data.windows, indices[i].item<int64_t>(),
                                 shown.originals[i].squeeze(1), shown.reconstructions[i].squeeze(1)));
  }
  return blocks;
}

}  // namespace autoencoder
