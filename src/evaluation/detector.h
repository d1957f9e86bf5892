// What `detect fit` leaves in a run, and `detect score` works with.
#pragma once

#include <filesystem>
#include <string>

#include "evaluation/anomaly.h"
#include "evaluation/series_scores.h"

namespace autoencoder {

/// A way to score, a threshold from which on an example is called an anomaly, what scores need to know, and
/// the map that shows where an example is strange.
struct Detector {
  std::string score;
  double threshold = 0;
  Normality normality;
  AnomalyMap map = {};
  StepCombination combination = StepCombination::kLeast;  ///< of windows of series
};

void write_detector(const std::filesystem::path& path, const Detector& detector);

/// Throws Error where there is none, or no whole one. One from before there was a choice of maps has the
/// default one.
Detector read_detector(const std::filesystem::path& path);

}  // namespace autoencoder
