// Anomalies in series: by step, as events, and how well they are told.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "common/json.h"
#include "common/progress.h"
#include "evaluation/detector.h"
#include "evaluation/series_scores.h"
#include "tasks/run_access.h"

namespace autoencoder {

/// Series, scored.
struct SeriesDetection {
  DescribedData data;
  Detector detector;
  StepScores steps;  ///< by the detector's own score
  std::vector<SeriesEvent> events;
  std::vector<std::pair<std::string, StepFigures>> figures;  ///< of every score, where anomalies are known
  double random_adjusted_f1 = 0;  ///< best F1 with point adjustment of random scores: what it inflates to

  const SeriesSet& set() const { return *data.examples.windows.of; }

  /// What the detector calls anomalies: M, bool.
  torch::Tensor called() const { return steps.scores >= detector.threshold; }
  int64_t count_called() const { return called().sum().item<int64_t>(); }

  /// What the threshold gives, and with point adjustment. Which steps are anomalies must be known.
  OperatingPoint at_threshold() const;
  OperatingPoint adjusted_at_threshold() const;

  Json to_json() const;
};

/// The examples' series by the run's detector; and how well each score that steps have tells anomalies, where
/// both kinds are known. `seed`: of codes that elbo samples, and of the random scores.
SeriesDetection detect_in_series(const OpenRun& run, const Detector& detector, const DescribedData& data,
                                 uint64_t seed, Progress& progress);

/// A row of each step: series, step, time where there is one, score, verdict, label where it is known.
void write_step_scores(const std::filesystem::path& path, const SeriesDetection& detection);

/// A row of each event: series, start, end, peak, score, columns, and the times of start and end where there
/// are any.
void write_events(const std::filesystem::path& path, const SeriesDetection& detection);

/// RUN/anomalies.png: up to `count` series with the largest scores over what the model makes of them, what is
/// called an anomaly shaded, what is labelled as one marked, and the score with its threshold below; the ROC
/// and precision over recall as draw_detection, where anomalies are known. Nothing in a build that cannot
/// draw. Returns what it wrote.
std::vector<std::filesystem::path> draw_series_detection(const RunDirectory& run,
                                                         const SeriesDetection& detection, int64_t count);

}  // namespace autoencoder
