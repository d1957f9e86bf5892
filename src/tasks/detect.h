// Anomalies: examples that are strange to a model that learned from normal ones. A detector is fitted to a
// run, and then scores data.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

#include "common/progress.h"
#include "evaluation/detector.h"
#include "evaluation/ranking.h"
#include "tasks/run_access.h"

namespace autoencoder {

/// What both tasks ask: which examples of labelled data are anomalies.
struct DetectRequest : RunDataRequest {
  std::string anomalies;
  std::string normal;
  int64_t seed = 0;

 protected:
  void visit_labels(OptionVisitor& visitor);
};

struct FitDetectorRequest : DetectRequest {
  std::string score = "auto";
  double contamination = 0.01;

  void visit(OptionVisitor& visitor) override;
};

struct FitDetectorResult {
  std::filesystem::path detector;  ///< its file
  std::string score;
  double threshold = 0;
  std::string data;                     ///< by which the threshold was set: "test split of mnist, ..."
  std::optional<double> contamination;  ///< share of the data above it; nothing where it has the best F1

  Json to_json() const;
};

/// Learns what is normal from the run's training data, sets the threshold, and writes the detector into the
/// run. The threshold has the best F1 on labelled data, or a share of `contamination` of normal examples
/// above it: of the data that are asked for, or else of what training watched. Throws UsageError on a score
/// that the model does not have and where both anomalies and normal labels are named; Error as open_requested
/// and open_run_data, and where the labels do not tell two kinds of examples apart.
FitDetectorResult fit_detector(const FitDetectorRequest& request, Progress& progress = no_progress());

struct ScoreDataRequest : DetectRequest {
  std::string out;
  int64_t count = 10;

  void visit(OptionVisitor& visitor) override;
};

/// Data, scored.
struct Detection {
  DescribedData data;
  Detector detector;
  torch::Tensor scores;                                   ///< N, float64, of the detector's own score
  torch::Tensor is_anomaly;                               ///< N, bool; undefined where that is not known
  std::vector<std::pair<std::string, Ranking>> rankings;  ///< of every score, where it is known

  /// What the detector calls anomalies: N, bool.
  torch::Tensor called_anomalies() const;
  int64_t count_called() const;

  /// What the threshold gives. Which examples are anomalies must be known.
  OperatingPoint at_threshold() const;
};

struct ScoreDataResult {
  std::filesystem::path out;  ///< the table
  std::vector<std::filesystem::path> pictures;
  Detection detection;

  Json to_json() const;
};

/// Scores data by the run's detector. Writes a table (.csv) with a row of each example - its file or its
/// position, its score, the verdict, its label where there are any - and draws as draw_detection does. Throws
/// as fit_detector, and Error where the run has no detector or the table cannot be written.
ScoreDataResult score_data(const ScoreDataRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
