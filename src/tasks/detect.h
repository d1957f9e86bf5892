// Anomalies: examples that are strange to a model that learned from normal ones. A detector is fitted to a
// run, and then scores data.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/progress.h"
#include "tasks/detection.h"
#include "tasks/map_options.h"
#include "tasks/run_access.h"
#include "tasks/series_detection.h"

namespace autoencoder {

/// What both tasks ask.
struct DetectRequest : RunDataRequest {
  AnomalyLabels labels;
  int64_t seed = 0;
  PrecisionOptions double_precision;

 protected:
  void visit_labels(OptionVisitor& visitor);
};

struct FitDetectorRequest : DetectRequest {
  std::string score = "auto";
  MapOptions map;
  StepCombination combine = StepCombination::kLeast;
  double contamination = 0.01;
  double false_alarms = 0;

  void visit(OptionVisitor& visitor) override;
};

/// How a threshold was chosen.
enum class ThresholdRule {
  kBestF1,         ///< best F1 on labelled data
  kContamination,  ///< a share of normal examples above it
  kFalseAlarms,    ///< a promise: evaluation/conformal.h
};

struct FitDetectorResult {
  std::filesystem::path detector;  ///< its file
  std::string score;
  double threshold = 0;
  ThresholdRule rule = ThresholdRule::kContamination;
  double share = 0;  ///< of contamination, or of false alarms
  std::string data;  ///< by which the threshold was set: "test split of mnist, ..."
  int64_t examples =
      0;  ///< of them, or of their steps: the normal ones where false alarms are promised, else all

  Json to_json() const;
};

/// Learns what is normal from the run's training data, sets the threshold, and writes the detector into the
/// run. The threshold keeps a promise about false alarms, by normal examples; or has the best F1 on labelled
/// data; or a share of `contamination` of normal examples above it: of the data that are asked for, or else
/// of what training watched. Throws UsageError on a score that the model does not have and where both
/// anomalies and normal labels are named, or of series any, on a promise about series, whose steps depend on
/// each other, and on a combination of steps where there are none; Error as open_requested and open_run_data,
/// where the labels do not tell two kinds of examples apart, and where a promise takes more examples, or
/// others than those learned from.
FitDetectorResult fit_detector(const FitDetectorRequest& request, Progress& progress = no_progress());

struct ScoreDataRequest : DetectRequest {
  std::string out;
  std::string maps;
  int64_t count = 10;

  void visit(OptionVisitor& visitor) override;
};

struct ScoreDataResult {
  std::filesystem::path out;  ///< the table
  std::vector<std::filesystem::path> pictures;
  Detection detection;                    ///< of examples; empty of series
  std::optional<SeriesDetection> series;  ///< of windows of series, by step
  std::filesystem::path events = {};      ///< their list of events

  const DescribedData& data() const { return series ? series->data : detection.data; }
  Json to_json() const;
};

/// Scores data by the run's detector. Writes a table (.csv) with a row of each example - its file or its
/// position, its score, the verdict, its label where there are any, of a table's row the
/// columns that make it strange - its figures into the run for a report, the maps where a folder for them is
/// named (write_maps), and draws as draw_detection does. Of windows of series the table has a row of each
/// step, a second one each event (RUN/events.csv, or OUT-events.csv beside OUT.csv), and the picture is that
/// of draw_series_detection. Throws as fit_detector, and Error where the run has no detector, where maps are
/// asked for of vectors, or a file cannot be written.
ScoreDataResult score_data(const ScoreDataRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
