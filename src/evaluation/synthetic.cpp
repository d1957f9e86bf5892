#include "evaluation/synthetic.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include <torch/types.h>

#include "common/text.h"
#include "evaluation/column_figures.h"
#include "evaluation/logistic_regression.h"

namespace autoencoder {
namespace {

// Largest difference of the distribution functions of two sets of numbers.
double kolmogorov_smirnov(const torch::Tensor& first, const torch::Tensor& second) {
  const torch::Tensor points = torch::cat({first, second});
  const auto function = [&](const torch::Tensor& numbers) {
    const torch::Tensor sorted = std::get<0>(numbers.contiguous().sort());
    return torch::searchsorted(sorted, points, /*out_int32=*/false, /*right=*/true).to(torch::kFloat64) /
           numbers.size(0);
  };
  return (function(first) - function(second)).abs().max().item<double>();
}

double total_variation(const torch::Tensor& first, const torch::Tensor& second) {
  const double difference = (first.mean(0) - second.mean(0)).abs().sum().item<double>();
  return first.size(1) == 1 ? difference : difference / 2;
}

double mean_marginal(const RowLayout& layout, const torch::Tensor& first, const torch::Tensor& second) {
  double sum = 0;
  for (const auto& [kind, start, width] : layout.spans()) {
    const auto entries = [&](const torch::Tensor& rows) { return rows.narrow(1, start, width); };
    sum +=
        1 - (has_words(kind) ? total_variation(entries(first), entries(second))
                             : kolmogorov_smirnov(entries(first).select(1, 0), entries(second).select(1, 0)));
  }
  return sum / static_cast<double>(layout.spans().size());
}

// W x W; 0 of an entry that never varies.
torch::Tensor correlations_of(const torch::Tensor& rows) {
  const torch::Tensor centred = rows.to(torch::kFloat64) - rows.to(torch::kFloat64).mean(0);
  const torch::Tensor units = centred / centred.norm(2, 0).clamp_min(1e-12);
  return units.t().mm(units);
}

double correlation_likeness(const RowLayout& layout, const torch::Tensor& first,
                            const torch::Tensor& second) {
  const torch::Tensor column = torch::tensor(layout.column_of_entries());
  const torch::Tensor is_pair = column.unsqueeze(0) != column.unsqueeze(1);
  const torch::Tensor difference = (correlations_of(first) - correlations_of(second)).abs();
  return is_pair.any().item<bool>() ? 1 - difference.masked_select(is_pair).mean().item<double>() / 2 : 1;
}

// Each row as it is written.
std::vector<std::string> written(const TableSchema& schema, const torch::Tensor& rows) {
  const torch::Tensor numbers = rows.to(torch::kFloat32).contiguous();
  std::vector<std::string> texts;
  for (int64_t row = 0; row < numbers.size(0); ++row) {
    texts.push_back(join(cells_of(schema, numbers.const_data_ptr<float>() + row * numbers.size(1)), "\n"));
  }
  return texts;
}

double copied_share(const TableSchema& schema, const SyntheticData& data) {
  const std::vector<std::string> train = written(schema, data.train);
  const std::unordered_set<std::string> known(train.begin(), train.end());
  const std::vector<std::string> synthetic = written(schema, data.synthetic);
  const auto copies =
      std::ranges::count_if(synthetic, [&](const std::string& row) { return known.contains(row); });
  return static_cast<double>(copies) / static_cast<double>(synthetic.size());
}

// Of all other columns the entries, and the word of the one: its number.
struct LabelledRows {
  torch::Tensor features;
  torch::Tensor labels;
};

LabelledRows labelled(const ColumnSpan& span, const torch::Tensor& rows) {
  const torch::Tensor entries = rows.narrow(1, span.first, span.width);
  const int64_t end = span.first + span.width;
  return {torch::cat({rows.narrow(1, 0, span.first), rows.narrow(1, end, rows.size(1) - end)}, 1),
          words_of(entries)};
}

double f1_of_class(const torch::Tensor& truth, const torch::Tensor& guess, int64_t label) {
  const double hits = (truth == label).logical_and(guess == label).sum().item<double>();
  const double sizes = ((truth == label).sum() + (guess == label).sum()).item<double>();
  return sizes > 0 ? 2 * hits / sizes : 1;
}

// Of two classes that of the rarer one, else the mean.
double f1_score(const torch::Tensor& truth, const torch::Tensor& guess) {
  const auto [classes, inverse, counts] = at::_unique2(truth, /*sorted=*/true, false, /*return_counts=*/true);
  if (classes.size(0) == 2) {
    return f1_of_class(truth, guess, classes[counts.argmin()].item<int64_t>());
  }
  double sum = 0;
  for (int64_t i = 0; i < classes.size(0); ++i) {
    sum += f1_of_class(truth, guess, classes[i].item<int64_t>());
  }
  return sum / static_cast<double>(classes.size(0));
}

double transferred(const LabelledRows& learned, const LabelledRows& test) {
  if (std::get<0>(at::_unique2(learned.labels)).size(0) < 2) {
    return f1_score(test.labels, torch::full_like(test.labels, learned.labels[0].item<int64_t>()));
  }
  return f1_score(test.labels,
                  fit_logistic_regression(learned.features, learned.labels).classify(test.features));
}

TransferredScore transferred_score(const TableSchema& schema, const SyntheticData& data) {
  const auto column = static_cast<size_t>(data.target_column);
  const ColumnSpan span = schema.layout().spans()[column];
  const LabelledRows test = labelled(span, data.test);
  return {schema.columns[column].name, transferred(labelled(span, data.synthetic), test),
          transferred(labelled(span, data.train), test)};
}

}  // namespace

SyntheticQuality measure_synthetic(const TableSchema& schema, const SyntheticData& data) {
  const RowLayout layout = schema.layout();
  SyntheticQuality quality = {.marginals = mean_marginal(layout, data.test, data.synthetic),
                              .correlations = correlation_likeness(layout, data.test, data.synthetic),
                              .copied = copied_share(schema, data),
                              .classifier = std::nullopt};
  if (data.target_column >= 0) {
    quality.classifier = transferred_score(schema, data);
  }
  return quality;
}

}  // namespace autoencoder
