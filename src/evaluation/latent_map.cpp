#include "evaluation/latent_map.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "models/pca.h"

namespace autoencoder {

LatentMap map_as_it_is(const torch::Tensor& codes) {
  if (codes.size(1) > 2) {
    throw Error(fmt::format(
        "the codes have {} numbers, too many to draw as they are; use --method pca or tsne", codes.size(1)));
  }
  const bool is_plane = codes.size(1) == 2;
  return {is_plane ? codes : torch::cat({codes, torch::zeros_like(codes)}, 1), "the code itself",
          Json::object()};
}

LatentMap map_by_pca(const torch::Tensor& codes) {
  if (codes.size(1) < 2) {
    return map_as_it_is(codes);
  }
  const PrincipalComponents components = fit_pca(codes, 2);
  const double explained = components.variances.sum().item<double>() / components.total_variance;
  return {components.project(codes),
          fmt::format("two principal components, {:.0f} % of the variance", 100 * explained),
          {{"explained_variance", explained}}};
}

LatentMap map_of_codes(const torch::Tensor& codes) {
  return codes.size(1) <= 2 ? map_as_it_is(codes) : map_by_pca(codes);
}

}  // namespace autoencoder
