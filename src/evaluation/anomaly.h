// How strange an example is to a model that learned from normal ones.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "data/dataset.h"
#include "evaluation/anomaly_map.h"
#include "evaluation/joint_neighbours.h"
#include "models/autoencoder.h"

namespace autoencoder {

inline constexpr const char* kJoint = "joint";

/// A way to score. All grow with strangeness.
struct AnomalyScore {
  std::string name;         ///< for machines: "relative-error"
  std::string description;  ///< for people
};

/// The scores that a model has, the usual one first: map for detailed pictures (are_detailed), relative-error
/// for smaller ones, joint for vectors.
///
/// joint: of all but pictures, distance to the 5 nearest normal examples in the space of examples and of what
///   their reconstruction changes (evaluation/joint_neighbours.h);
/// relative-error: of all but tables' rows, squared error of the reconstruction by the norm of the example,
/// |x - x'|^2 / |x|: a dark
///   picture is as strange as its few bright pixels are badly explained. Both as means over numbers: the mean
///   squared error by the root mean square of the example, which counts as 1e-6 at least;
/// error: mean squared error of the reconstruction; of a table's row the mean over its columns, each in its
///   own measure (evaluation/column_errors.h);
/// map: of pictures, what the pooling of an AnomalyMap makes of it;
/// neighbours: mean distance of the code to its 5 nearest codes of normal examples (Ramaswamy et al. 2000);
///   of a window to those of windows that do not overlap it;
/// mahalanobis: distance of the code from the mean normal code by their covariance (Mahalanobis 1936), along
///   what normal codes vary in: from a single one it is 0;
/// elbo: minus the evidence lower bound, of models that have a likelihood (An & Cho 2015).
std::vector<AnomalyScore> anomaly_scores_of(Autoencoder& model);

/// Their names.
std::vector<std::string> anomaly_score_names(Autoencoder& model);

/// What scores need to know of normal examples.
struct Normality {
  torch::Tensor codes;  ///< M x D, of at most kMostNormalCodes of them
  torch::Tensor mean;   ///< D, float64
  torch::Tensor axes;   ///< D x R, float64: the R directions that codes vary in, each by the deviation in it
  JointSpace joint = {};      ///< of all but pictures
  torch::Tensor places = {};  ///< M x 2, int64, of the codes, as places_apart has them

  /// Detectors of before there was a joint space do not know it.
  bool knows(const std::string& score) const { return score != kJoint || joint.points.defined(); }
};
inline constexpr int64_t kMostNormalCodes = 20'000;
inline constexpr int64_t kMostDirections =
    2'048;  ///< codes of more numbers vary in those of so many examples

/// The axes of a precision matrix (D x D, a pseudo-inverse of a covariance), D x D: the matrix is the product
/// of them and their transpose.
torch::Tensor axes_of_precision(const torch::Tensor& precision);

/// `rng` chooses the codes to keep, where there are more.
Normality learn_normality(Autoencoder& model, const Dataset& normal, const at::Generator& rng);

/// The map, knowing what is usual in normal pictures, where it is measured by that.
AnomalyMap measured_by(Autoencoder& model, const Dataset& normal, AnomalyMap map);

/// The score of each example, N float64, on the CPU. `seed` is that of the codes that elbo samples.
torch::Tensor score_anomalies(Autoencoder& model, const Dataset& data, const std::string& score,
                              const Normality& normality, uint64_t seed, const AnomalyMap& map = {});

/// The score above which a share of `contamination` of normal examples' scores (N) lies.
double threshold_for(const torch::Tensor& scores, double contamination);

/// Some of a set's pictures, and the maps of them, on the CPU.
struct MappedPictures {
  int64_t first = 0;       ///< position of the first one
  torch::Tensor pictures;  ///< M x C x H x W, float32
  torch::Tensor maps;      ///< M x 1 x H x W, float32
};

/// Goes through a set from first to last, some pictures at a time.
void for_each_map(Autoencoder& model, const Dataset& data, const AnomalyMap& map,
                  const std::function<void(const MappedPictures&)>& visit);

}  // namespace autoencoder
