// What `detect fit` leaves in a run, and `detect score` works with.
#pragma once

#include <filesystem>
#include <string>

#include "evaluation/anomaly.h"

namespace autoencoder {

/// A way to score, a threshold from which on an example is called an anomaly, and what scores need to know.
struct Detector {
  std::string score;
  double threshold = 0;
  Normality normality;
};

void write_detector(const std::filesystem::path& path, const Detector& detector);

/// Throws Error where there is none, or no whole one.
Detector read_detector(const std::filesystem::path& path);

}  // namespace autoencoder
