#include "evaluation/column_shares.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/text.h"
#include "evaluation/column_errors.h"
#include "evaluation/evaluate.h"

namespace autoencoder {

std::string ColumnShares::text(int64_t row, int64_t most) const {
  constexpr double kLeastShare = 0.01;
  const auto [largest, positions] = shares[row].topk(std::min(most, shares.size(1)));
  std::vector<std::string> words;
  for (int64_t i = 0; i < largest.size(0); ++i) {
    const double share = largest[i].item<double>();
    if (share >= kLeastShare) {
      words.push_back(fmt::format("{} {:.0f} %", columns[static_cast<size_t>(positions[i].item<int64_t>())],
                                  100 * share));
    }
  }
  return join(words);
}

ColumnShares column_shares(Autoencoder& model, const Dataset& data) {
  ColumnShares result;
  for (const TableColumn& column : data.schema->columns) {
    result.columns.push_back(column.name);
  }
  result.shares = for_all_examples(model, data, [&](const torch::Tensor& rows) {
    const torch::Tensor errors = column_errors(model, rows, model.forward(rows)).nan_to_num(0);
    return errors / errors.sum(1, /*keepdim=*/true).clamp_min(1e-30);
  });
  return result;
}

}  // namespace autoencoder
