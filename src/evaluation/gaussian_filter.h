// Means around each pixel.
#pragma once

#include <cstdint>

#include <torch/types.h>

namespace autoencoder {

/// Weighted means around each pixel: a Gaussian window of standard deviation `sigma` > 0 that reaches
/// `radius` pixels to each side. At the borders the window is cut, and the weights that are left count for
/// all. images: N x C x H x W, floating point, on any device; the result is of the same shape and type.
torch::Tensor gaussian_filter(const torch::Tensor& images, double sigma, int64_t radius);

}  // namespace autoencoder
