#include "evaluation/column_errors.h"

#include <torch/types.h>

#include "evaluation/metrics.h"

namespace autoencoder {
namespace {

// N x 1, of the entries of one column, N x width.
torch::Tensor column_error(ColumnKind kind, const torch::Tensor& original,
                           const torch::Tensor& reconstruction) {
  switch (kind) {
    case ColumnKind::kCategory:
      return 0.5 * (original - reconstruction).square().sum(1, /*keepdim=*/true);
    case ColumnKind::kCount:
      return (torch::log1p(original) - torch::log1p(reconstruction.clamp_min(0))).square();
    default:
      return (original - reconstruction).square().mean(1, /*keepdim=*/true);
  }
}

}  // namespace

torch::Tensor column_errors(const Autoencoder& model, const torch::Tensor& rows,
                            const torch::Tensor& reconstructions) {
  const RowLayout& layout = model.row_layout();
  const torch::Tensor original = model.scaled(rows).flatten(1);
  const torch::Tensor reconstruction = model.scaled(reconstructions).flatten(1);
  if (layout.has_only_numbers()) {
    return (original - reconstruction).square();
  }
  std::vector<torch::Tensor> errors;
  for (const auto& [kind, first, width] : layout.spans()) {
    errors.push_back(
        column_error(kind, original.narrow(1, first, width), reconstruction.narrow(1, first, width)));
  }
  return torch::cat(errors, 1);
}

torch::Tensor reconstruction_errors(const Autoencoder& model, const torch::Tensor& originals,
                                    const torch::Tensor& reconstructions) {
  if (model.row_layout().empty()) {
    return mean_squared_error(originals, reconstructions);
  }
  return column_errors(model, originals, reconstructions).nanmean(1).nan_to_num(0);
}

}  // namespace autoencoder
