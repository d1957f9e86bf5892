#include "evaluation/column_figures.h"

#include <torch/types.h>

#include "evaluation/evaluate.h"

namespace autoencoder {
namespace {

torch::Tensor mean_square(const torch::Tensor& differences) { return differences.square().mean(); }

// Truth and guess of the judged cells of one column, and the cells that the baseline knows; entries as they
// are.
struct JudgedColumn {
  torch::Tensor truth;
  torch::Tensor guess;
  torch::Tensor known;
};

void measure_error(ColumnFigure& figure, const JudgedColumn& column) {
  const torch::Tensor truth = column.truth.select(1, 0).to(torch::kFloat64);
  const torch::Tensor known = column.known.select(1, 0).to(torch::kFloat64);
  const torch::Tensor mean = known.size(0) > 0 ? known.mean() : truth.mean();
  figure.value = mean_square(truth - column.guess.select(1, 0)).sqrt().item<double>();
  figure.baseline = mean_square(truth - mean).sqrt().item<double>();
  figure.spread = known.size(0) > 1 ? known.std(/*unbiased=*/false).item<double>() : 0;
}

void measure_share(ColumnFigure& figure, const JudgedColumn& column) {
  const torch::Tensor truth = words_of(column.truth);
  const torch::Tensor known = words_of(column.known);
  const torch::Tensor commonest = std::get<0>(torch::mode(known.size(0) > 0 ? known : truth));
  const auto share = [](const torch::Tensor& are_right) {
    return are_right.to(torch::kFloat64).mean().item<double>();
  };
  figure.is_share = true;
  figure.value = share(words_of(column.guess) == truth);
  figure.baseline = share(truth == commonest);
}

JudgedColumn judged_column(const ColumnSpan& span, const torch::Tensor& truth, const torch::Tensor& guess,
                           const torch::Tensor& is_judged) {
  const torch::Tensor entries = truth.narrow(1, span.first, span.width);
  const torch::Tensor is_known = torch::isnan(entries.select(1, 0)).logical_or(is_judged).logical_not();
  const auto rows = [](const torch::Tensor& all, const torch::Tensor& chosen) {
    return all.index_select(0, chosen.nonzero().squeeze(1));
  };
  return {rows(entries, is_judged), rows(guess.narrow(1, span.first, span.width), is_judged),
          rows(entries, is_known)};
}

}  // namespace

std::vector<ColumnFigure> column_figures(const TableSchema& schema, const torch::Tensor& truth,
                                         const torch::Tensor& guess, const torch::Tensor& judged) {
  std::vector<ColumnFigure> figures;
  const std::vector<ColumnSpan> spans = schema.layout().spans();
  for (size_t i = 0; i < spans.size(); ++i) {
    const torch::Tensor is_judged = judged.select(1, static_cast<int64_t>(i));
    ColumnFigure figure = {.name = schema.columns[i].name, .cells = is_judged.sum().item<int64_t>()};
    if (figure.cells == 0) {
      continue;
    }
    const JudgedColumn column = judged_column(spans[i], truth, guess, is_judged);
    has_words(spans[i].kind) ? measure_share(figure, column) : measure_error(figure, column);
    figures.push_back(figure);
  }
  return figures;
}

std::vector<ColumnFigure> reconstruction_figures(Autoencoder& model, const Dataset& data) {
  const torch::Tensor rows = data.images.on(torch::kCPU).all().flatten(1);
  const torch::Tensor guess = for_all_examples(model, data, [&](const torch::Tensor& some) {
                                return model.forward(some);
                              }).flatten(1);
  return column_figures(*data.schema, rows, guess, holes_in(data.schema->layout(), rows).logical_not());
}

torch::Tensor holes_in(const RowLayout& layout, const torch::Tensor& rows) {
  return torch::isnan(rows.index_select(1, torch::tensor(layout.first_entries())));
}

torch::Tensor words_of(const torch::Tensor& entries) {
  return entries.size(1) == 1 ? (entries.select(1, 0) >= 0.5).to(torch::kInt64) : entries.argmax(1);
}

std::string measure_of(const ColumnFigure& figure) { return figure.is_share ? "accuracy" : "RMSE"; }

}  // namespace autoencoder
