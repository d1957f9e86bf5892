// What a detector makes of data, and how well it tells anomalies where they are known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

#include "common/progress.h"
#include "evaluation/column_shares.h"
#include "evaluation/detector.h"
#include "evaluation/localization.h"
#include "evaluation/ranking.h"
#include "tasks/run_access.h"

namespace autoencoder {

/// Which examples of labelled data are anomalies, as a user says it: their labels, or those of normal ones,
/// with commas between.
struct AnomalyLabels : Options {
  std::string anomalies;
  std::string normal;

  void visit(OptionVisitor& visitor) override;
};

/// Which examples are anomalies: N, bool. Where the user does not say, the data may: a class called `good` is
/// what is normal, or else what has an empty mask. Undefined where neither says it, or not of two kinds.
/// Throws UsageError where the user names both; Error where the labels named do not tell two kinds apart.
torch::Tensor known_anomalies(const DescribedData& data, const AnomalyLabels& labels);

/// The anomalies of one label, "scratch", among all normal examples.
struct AnomalyKind {
  std::string name;
  int64_t examples = 0;
  double area_under_roc = 0;                 ///< of the detector's own score
  std::optional<Localization> localization;  ///< where there are masks
};

/// Data, scored.
struct Detection {
  DescribedData data;
  Detector detector;
  torch::Tensor scores;                                   ///< N, float64, of the detector's own score
  torch::Tensor is_anomaly;                               ///< N, bool; undefined where that is not known
  std::vector<std::pair<std::string, Ranking>> rankings;  ///< of every score, where it is known
  std::vector<AnomalyKind> kinds = {};                    ///< in the order of labels, where there are any
  std::optional<Localization> localization = {};          ///< of the detector's map, where there are masks
  std::optional<ColumnShares> reasons = {};               ///< of a table's rows

  /// What the detector calls anomalies: N, bool.
  torch::Tensor called_anomalies() const;
  int64_t count_called() const;

  /// Positions of the `most` strangest, the strangest first.
  std::vector<int64_t> strangest(int64_t most) const;

  /// The value that has the brightest colour in pictures of maps of which the largest value is `largest`:
  /// that, or less where maps are the score, so that a glaring spot does not leave a faint stain in the dark.
  double brightest(double largest) const;

  /// Of the detector's own score, where anomalies are known.
  double own_area_under_roc() const;

  /// What the threshold gives. Which examples are anomalies must be known.
  OperatingPoint at_threshold() const;

  Json to_json() const;
};

/// What the threshold gives, among what a detection tells.
void add_point(Json& json, const OperatingPoint& point);

/// The data, by the run's detector, and how well each score that the model has tells anomalies, where they
/// are known. `seed` is that of the codes that elbo samples.
Detection detect_anomalies(const OpenRun& run, const Detector& detector, const DescribedData& data,
                           const torch::Tensor& is_anomaly, uint64_t seed, Progress& progress);

}  // namespace autoencoder
