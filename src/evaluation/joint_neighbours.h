// Nearest neighbours in the space of examples and of what a model would change in them: one that lies among
// the normal ones may be changed as none of them is, and one that is changed little may lie far from them.
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "data/dataset.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// Normal examples in that space. A point is an example as the model computes with it, F numbers, and beside
/// each what its reconstruction adds to it, in units of what is usual (of normal examples the root mean
/// square, 0.02 at least). A hole is 0 in both.
struct JointSpace {
  torch::Tensor points;       ///< M x 2F, float32: at most kMostPoints, and kMostJointNumbers numbers
  torch::Tensor usual;        ///< F, float32
  torch::Tensor apart;        ///< M, float64: how far each of them is from its own 5 nearest, on average
  torch::Tensor places = {};  ///< M x 2, int64: as places_apart has them
};
inline constexpr int64_t kNormalNeighbours = 5;  ///< by which examples are judged, here and by their codes
inline constexpr int64_t kMostPoints = 20'000;
inline constexpr int64_t kMostJointNumbers = 4'000'000;

/// Where normal windows lie (places_of, data/series.h), if each has kNormalNeighbours that it does not
/// overlap. Undefined of fewer, which have those that overlap them for neighbours, too, and of what is no
/// window.
torch::Tensor places_apart(const Windows& normal);

/// Of vectors and windows of series. `rng` chooses the examples to keep, where there are more.
JointSpace learn_joint_space(Autoencoder& model, const Dataset& normal, const at::Generator& rng);

/// How strange examples are: their mean distance to the 5 nearest points (Ramaswamy et al. 2000), by the
/// fourth root of the mean of how far these are apart themselves. (LOF divides by all of it, Breunig et al.
/// 2000, and not at all takes each thin region for strange.) An example that is itself among the points does
/// not count for itself, and neither do windows that overlap it. input: N x C x H x W, of the data; places:
/// of windows, N x 2 (data/series.h), else undefined; N, float64, on the CPU.
torch::Tensor joint_distances(Autoencoder& model, const JointSpace& space, const torch::Tensor& input,
                              const torch::Tensor& places = {});

}  // namespace autoencoder
