// The figures of a model on a data set.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "data/dataset.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// Means over images. Errors are those of the deterministic reconstruction decode(encode(x)), in units of the
/// data's range [0, 1].
struct Evaluation {
  int64_t images = 0;
  double mse = 0;
  double mae = 0;
  double psnr = 0;  ///< dB
  double ssim = 0;
  std::optional<double> bce;  ///< nats a pixel; only where all reconstructions lie in [0, 1]
  // In nats an image, where the model has a likelihood: elbo = -(reconstruction + kl), one sample of each
  // code.
  std::optional<double> elbo;
  std::optional<double> reconstruction;
  std::optional<double> kl;
};

/// Goes through the data in batches on the model's device, without gradients; the model must be in evaluation
/// mode.
void for_each_batch(Autoencoder& model, const Dataset& data, const std::function<void(const Batch&)>& visit);

/// `seed` gives the bound its samples.
Evaluation evaluate(Autoencoder& model, const Dataset& data, uint64_t seed);

}  // namespace autoencoder
