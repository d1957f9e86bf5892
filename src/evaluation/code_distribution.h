// Codes of a data set, and distributions to draw new ones from.
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "common/progress.h"
#include "data/dataset.h"
#include "models/autoencoder.h"
#include "models/noise.h"

namespace autoencoder {

/// The codes of all examples, N x D, on the CPU. The model must be in evaluation mode; works on its device.
torch::Tensor encode_all(Autoencoder& model, const Dataset& data, Progress& progress = no_progress());

/// A mixture of K normal distributions. float64.
struct CodeMixture {
  torch::Tensor weights;      ///< K, their sum is 1
  torch::Tensor means;        ///< K x D
  torch::Tensor factors;      ///< K x D x D; factor * factor^T is a covariance
  double log_likelihood = 0;  ///< of the codes that it was fitted to: mean over them, nats
};

/// The mixture of `components` normal distributions of full covariance that suits codes (N x D, N > 1) best
/// that expectation maximisation finds (Dempster et al. 1977) from means of k-means++ (Arthur & Vassilvitskii
/// 2007) drawn with `rng`. One component is the codes' own mean and covariance. A covariance of less than
/// full rank is no obstacle. Shares are found in float32, moments in float64.
CodeMixture fit_mixture(const torch::Tensor& codes, int64_t components, const at::Generator& rng,
                        Progress& progress = no_progress());

/// Codes, count x D float32: of components chosen by weight, mean + factor * noise.
torch::Tensor sample_mixture(const CodeMixture& mixture, int64_t count, const NoiseShape& shape,
                             at::Generator rng);

}  // namespace autoencoder
