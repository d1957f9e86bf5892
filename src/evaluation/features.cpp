#include "evaluation/features.h"

#include <algorithm>

#include <torch/types.h>

#include "evaluation/evaluate.h"
#include "models/pca.h"

namespace autoencoder {

torch::Tensor all_features(Autoencoder& model, const Dataset& data) {
  return for_all_examples(model, data, [&](const torch::Tensor& input) {
    return model.features(input).flatten(1).to(torch::kFloat32);
  });
}

torch::Tensor all_numbers(const Dataset& data) { return to_unit_range(data.images.all()).flatten(1).cpu(); }

namespace {

// Of a table's rows in the scale that the model has of them, with the mean in holes.
torch::Tensor numbers_of(Autoencoder& model, const Dataset& data) {
  if (model.row_layout().empty()) {
    return all_numbers(data);
  }
  return for_all_examples(
      model, data, [&](const torch::Tensor& rows) { return model.scaled(rows).nan_to_num(0).flatten(1); });
}

}  // namespace

std::vector<ProbeFeatures> compared_features(Autoencoder& model, const Dataset& train, const Dataset& test) {
  const ProbeFeatures codes = {"codes", all_features(model, train), all_features(model, test)};
  const ProbeFeatures numbers = {train.shape().numbers(), numbers_of(model, train), numbers_of(model, test)};
  if (numbers.train.size(1) > kMostPcaPixels) {
    return {codes, numbers};
  }
  const int64_t count = std::min({codes.train.size(1), numbers.train.size(1), kMostComponents});
  const PrincipalComponents components = fit_pca(numbers.train, count);
  return {codes, numbers, {"PCA", components.project(numbers.train), components.project(numbers.test)}};
}

}  // namespace autoencoder
