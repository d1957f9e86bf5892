#include "evaluation/column_errors.h"

#include <torch/types.h>

#include "evaluation/metrics.h"

namespace autoencoder {
namespace {

// How large a difference is: its square, or itself without a sign.
using SizeOf = torch::Tensor (*)(const torch::Tensor& difference);

torch::Tensor squared(const torch::Tensor& difference) { return difference.square(); }
torch::Tensor absolute(const torch::Tensor& difference) { return difference.abs(); }

// N x 1, of the entries of one column, N x width.
torch::Tensor column_error(ColumnKind kind, const torch::Tensor& original,
                           const torch::Tensor& reconstruction, SizeOf size_of) {
  switch (kind) {
    case ColumnKind::kCategory:
      return 0.5 * size_of(original - reconstruction).sum(1, /*keepdim=*/true);
    case ColumnKind::kCount:
      return size_of(torch::log1p(original) - torch::log1p(reconstruction.clamp_min(0)));
    default:
      return size_of(original - reconstruction).mean(1, /*keepdim=*/true);
  }
}

torch::Tensor errors_by_column(const Autoencoder& model, const torch::Tensor& rows,
                               const torch::Tensor& reconstructions, SizeOf size_of) {
  const RowLayout& layout = model.row_layout();
  const torch::Tensor original = model.scaled(rows).flatten(1);
  const torch::Tensor reconstruction = model.scaled(reconstructions).flatten(1);
  if (layout.has_only_numbers()) {
    return size_of(original - reconstruction);
  }
  std::vector<torch::Tensor> errors;
  for (const auto& [kind, first, width] : layout.spans()) {
    errors.push_back(column_error(kind, original.narrow(1, first, width),
                                  reconstruction.narrow(1, first, width), size_of));
  }
  return torch::cat(errors, 1);
}

}  // namespace

torch::Tensor column_errors(const Autoencoder& model, const torch::Tensor& rows,
                            const torch::Tensor& reconstructions) {
  return errors_by_column(model, rows, reconstructions, squared);
}

torch::Tensor reconstruction_errors(const Autoencoder& model, const torch::Tensor& originals,
                                    const torch::Tensor& reconstructions) {
  if (model.row_layout().empty()) {
    return mean_squared_error(originals, reconstructions);
  }
  return column_errors(model, originals, reconstructions).nanmean(1).nan_to_num(0);
}

torch::Tensor absolute_errors(const Autoencoder& model, const torch::Tensor& originals,
                              const torch::Tensor& reconstructions) {
  if (model.row_layout().empty()) {
    return mean_absolute_error(originals, reconstructions);
  }
  return errors_by_column(model, originals, reconstructions, absolute).nanmean(1).nan_to_num(0);
}

}  // namespace autoencoder
