// t-SNE (van der Maaten & Hinton 2008): codes as points of the plane, such that what lies near each other
// there lay near each other before.
#pragma once

#include <cstdint>
#include <functional>

#include <torch/types.h>

namespace autoencoder {

struct TsneOptions {
  double perplexity = 30;  ///< about how many neighbours a point minds
  int64_t steps = 1000;    ///< of gradient descent; the first quarter with exaggerated attraction
};

struct TsneMap {
  torch::Tensor points;   ///< N x 2, float32
  double divergence = 0;  ///< KL(P || Q) of the map, nats: eq. 5 of the paper, over the neighbours that P has
};

/// Rows of exp(-precision_i * squared distance), each with sum 1, with the precisions that give every row the
/// perplexity: the exponential of its entropy (section 2 of the paper). squared_distances: N x K float64, K
/// more than the perplexity; so is the result.
torch::Tensor conditional_affinities(const torch::Tensor& squared_distances, double perplexity);

/// codes: N x D with N > 3 * perplexity, on the CPU. Attraction is that of the 3 * perplexity nearest
/// neighbours (van der Maaten 2014), repulsion that of all points, exactly: time in N^2. Starts from the
/// principal components, so the same codes give the same map. `progress` hears of each step, from 1.
TsneMap tsne(const torch::Tensor& codes, const TsneOptions& options,
             const std::function<void(int64_t step)>& progress = {});

}  // namespace autoencoder
