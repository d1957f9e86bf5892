#include "report/rows.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <torch/types.h>

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

// The first cells behind their head.
std::vector<std::string> line_of(const std::string& head, std::vector<std::string> cells) {
  cells.resize(std::min(cells.size(), kMostColumns));
  cells.insert(cells.begin(), head);
  return cells;
}

std::vector<std::string> cells_in(const TableSchema& schema, const torch::Tensor& row) {
  const torch::Tensor entries = row.flatten().to(torch::kFloat32).contiguous();
  return cells_of(schema, entries.const_data_ptr<float>());
}

report::Table rows_table(Autoencoder& model, const MeasuredExamples& measured, const torch::Tensor& chosen,
                         const std::string& caption) {
  const TableSchema& schema = *measured.data.schema;
  std::vector<std::string> names;
  std::ranges::transform(schema.columns, std::back_inserter(names), &TableColumn::name);
  report::Table table = {.caption = caption, .header = line_of("row", names), .rows = {}};
  const Reconstruction result = reconstruct(model, measured.data.images.stored(chosen), Corruption());
  for (int64_t i = 0; i < chosen.size(0); ++i) {
    const int64_t position = measured.positions[chosen[i].item<int64_t>()].item<int64_t>();
    table.rows.push_back(line_of(std::to_string(position), cells_in(schema, result.originals[i])));
    table.rows.push_back(line_of("reconstructed", cells_in(schema, result.reconstructions[i])));
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
