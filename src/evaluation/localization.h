// How well maps show where defects lie, against masks that say so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

#include "data/dataset.h"
#include "evaluation/anomaly_map.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// The figures of maps on pictures with masks. A pixel is called defective where its value is at least the
/// threshold; each figure but the last two goes over all thresholds.
struct Localization {
  /// Chance that a defective pixel has a larger value than a sound one; ties count half.
  double area_under_roc = 0;

  /// PRO (Bergmann et al. 2021, "The MVTec anomaly detection dataset", section 5.2): the mean over regions of
  /// the share of each region's pixels that is called defective, so that a small defect counts as much as a
  /// large one; as the area under its curve over the share of all sound pixels that is called defective, from
  /// 0 to kLargestFalsePositiveRate and divided by that. Regions are those of each mask whose pixels touch at
  /// a side or a corner.
  double region_overlap = 0;

  double best_f1 = 0;  ///< largest harmonic mean of pixels' precision and recall
  double threshold = 0;
};

inline constexpr double kLargestFalsePositiveRate = 0.3;

/// Counts pixels by their value, so that any number of pictures takes the same 8 MB. Values that differ by
/// less than a 4096th of themselves are not told apart, nor are those below 2^-40: of n values of sound
/// pixels in the fullest such bin, both areas are off by n / 2 of all at most, and by 1e-5 in practice.
class PixelTally {
 public:
  PixelTally();

  /// maps: N x 1 x H x W, 0 and more; masks: the same, uint8, not 0 where a picture is defective. Throws
  /// c10::Error where the two are not of one shape.
  void add(const torch::Tensor& maps, const torch::Tensor& masks);

  PixelTally& operator+=(const PixelTally& other);

  /// Whether there are pixels of both kinds.
  bool has_both() const;

  /// They must be there.
  Localization figures() const;

 private:
  void add_regions(const torch::Tensor& bins, const torch::Tensor& mask);

  // Copies share these: they are replaced, and never changed.
  torch::Tensor sound_;      // of each bin: pixels, float64
  torch::Tensor defective_;  // likewise
  torch::Tensor coverage_;   // sum over defective pixels of 1 / the size of the region
  int64_t regions_ = 0;
};

/// A tally of each group of pictures, by the data's masks. groups: N int64, from 0 to below `count`.
std::vector<PixelTally> tally_pixels(Autoencoder& model, const Dataset& data, const AnomalyMap& map,
                                     const torch::Tensor& groups, int64_t count);

}  // namespace autoencoder
