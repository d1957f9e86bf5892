#include "report/rows.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

#include "evaluation/column_figures.h"
#include "evaluation/reconstruction.h"

namespace autoencoder {
namespace {

constexpr int64_t kShownRows = 5;  // worst, and best
constexpr size_t kMostColumns = 12;

report::Table figures_of(Autoencoder& model, const Dataset& data) {
  report::Table table = {.caption = "How well each column is reconstructed",
                         .header = {"column", "measure", "reconstructed", "by its mean or mode", "cells"},
                         .rows = {}};
  for (const ColumnFigure& figure : reconstruction_figures(model, data)) {
    table.rows.push_back({figure.name, measure_of(figure), fmt::format("{:.4g}", figure.value),
                          fmt::format("{:.4g}", figure.baseline), fmt::format("{}", figure.cells)});
  }
  return table;
}

// The first cells of a row, as the table would have them; nothing for a hole.
std::vector<std::string> cells_of(const TableSchema& schema, const torch::Tensor& row) {
  const torch::Tensor entries = row.flatten().to(torch::kFloat32).contiguous();
  const std::vector<ColumnSpan> spans = schema.layout().spans();
  std::vector<std::string> cells;
  for (size_t i = 0; i < std::min(spans.size(), kMostColumns); ++i) {
    const float* cell = entries.const_data_ptr<float>() + spans[i].first;
    cells.push_back(std::isnan(*cell) ? "" : cell_text(schema.columns[i], cell));
  }
  return cells;
}

std::vector<std::string> with_head(const std::string& head, std::vector<std::string> cells) {
  cells.insert(cells.begin(), head);
  return cells;
}

report::Table rows_table(Autoencoder& model, const MeasuredExamples& measured, const torch::Tensor& chosen,
                         const std::string& caption) {
  const TableSchema& schema = *measured.data.schema;
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(schema.columns.size(), kMostColumns); ++i) {
    names.push_back(schema.columns[i].name);
  }
  report::Table table = {.caption = caption, .header = with_head("row", names), .rows = {}};
  const Reconstruction result = reconstruct(model, measured.data.images.stored(chosen), Corruption());
  for (int64_t i = 0; i < chosen.size(0); ++i) {
    const int64_t position = measured.positions[chosen[i].item<int64_t>()].item<int64_t>();
    table.rows.push_back(with_head(fmt::format("{}", position), cells_of(schema, result.originals[i])));
    table.rows.push_back(with_head("reconstructed", cells_of(schema, result.reconstructions[i])));
  }
  return table;
}

}  // namespace

report::Section rows_section(Autoencoder& model, const MeasuredExamples& measured) {
  const torch::Tensor order = measured.errors.argsort(/*dim=*/int64_t{0}, /*descending=*/true);
  const int64_t count = std::min(measured.data.size(), kShownRows);
  return {"Columns and rows",
          {figures_of(model, measured.data),
           rows_table(model, measured, order.narrow(0, 0, count), "The worst rows: largest errors first"),
           rows_table(model, measured, order.flip(0).narrow(0, 0, count),
                      "The best rows: smallest errors first")}};
}

}  // namespace autoencoder
