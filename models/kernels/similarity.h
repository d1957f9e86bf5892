// Structural similarity (Wang, Bovik, Sheikh & Simoncelli 2004), with its gradient in one pass over the rows
// of a picture: what two dozen of LibTorch's operations do otherwise.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

/// What windows are compared by: luminance, contrast and structure (eq. 13), or the latter two alone, of
/// which coarser scales are made (Wang, Simoncelli & Bovik 2003).
enum class SimilarityPart : int8_t { kWhole, kContrastAndStructure };

inline constexpr int64_t kSimilarityWindow = 11;  ///< pixels along a side of the window, a Gaussian
inline constexpr double kSimilaritySigma = 1.5;   ///< its standard deviation

/// Weights of a window's places along one side, which sum to 1, as wide as the largest odd number of pixels,
/// up to kSimilarityWindow, that fits a picture of that shorter side.
std::vector<double> similarity_window(int64_t shorter_side);

/// The similarity at each place that `local_mean` gives the window's weighted mean for: target and picture N
/// x C x H x W, values of a range of 1; the result has the shape of what it gives.
torch::Tensor similarity_by(const std::function<torch::Tensor(const torch::Tensor&)>& local_mean,
                            const torch::Tensor& target, const torch::Tensor& picture,
                            SimilarityPart part = SimilarityPart::kWhole);

/// Mean similarity of each channel over the places where the window fits whole. target, picture: N x C x H x
/// W, values of a range of 1; returns N x C. Gradients reach the picture, and by LibTorch's own operations
/// the target, too; those of the picture come with the values where both are float32 on the CPU, and their
/// own derivatives by LibTorch's operations.
torch::Tensor channel_similarity(const torch::Tensor& target, const torch::Tensor& picture,
                                 SimilarityPart part = SimilarityPart::kWhole);

/// The same by LibTorch's operations alone, in any precision on any device.
torch::Tensor plain_channel_similarity(const torch::Tensor& target, const torch::Tensor& picture,
                                       SimilarityPart part = SimilarityPart::kWhole);

}  // namespace autoencoder
