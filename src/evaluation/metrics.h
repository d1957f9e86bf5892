// How close a reconstruction is to its original: figures for one image each.
#pragma once

#include <torch/types.h>

namespace autoencoder {

// All take N x C x H x W float tensors, values of a range of 1 (images in [0, 1]), and give N float values.

torch::Tensor mean_squared_error(const torch::Tensor& original, const torch::Tensor& reconstruction);
torch::Tensor mean_absolute_error(const torch::Tensor& original, const torch::Tensor& reconstruction);

/// 10 log10(1 / MSE), in dB; an MSE below 1e-10 counts as 1e-10 (100 dB).
torch::Tensor peak_signal_to_noise_ratio(const torch::Tensor& original, const torch::Tensor& reconstruction);

/// Structural similarity (Wang et al. 2004, eq. 13): Gaussian window of sigma 1.5 and 11 x 11 pixels (the
/// largest odd size that fits for smaller images), K1 = 0.01, K2 = 0.03, mean over the positions where the
/// window fits whole, and over channels.
torch::Tensor structural_similarity(const torch::Tensor& original, const torch::Tensor& reconstruction);

/// The same around every pixel: N x C x H x W. At the borders the window is cut, and what is left of it
/// counts for all.
torch::Tensor structural_similarity_map(const torch::Tensor& original, const torch::Tensor& reconstruction);

/// Binary cross-entropy of the pixels, mean over pixels, in nats. Reconstruction in [0, 1]; logarithms are
/// cut at -100.
torch::Tensor binary_cross_entropy(const torch::Tensor& original, const torch::Tensor& reconstruction);

}  // namespace autoencoder
