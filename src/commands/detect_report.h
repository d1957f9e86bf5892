// What `detect score` tells: a table of every example, figures and pictures.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

#include "commands/run_access.h"
#include "evaluation/detector.h"
#include "evaluation/ranking.h"

namespace autoencoder {

struct DetectReport {
  const RunData& data;
  const Detector& detector;
  torch::Tensor scores;                                   ///< N, of the detector's own score
  torch::Tensor is_anomaly;                               ///< N, bool; undefined where that is not known
  std::vector<std::pair<std::string, Ranking>> rankings;  ///< of every score, where it is known
};

/// A row of each example: its file or its position, its score, the verdict, its label where there are any.
void write_scores(const std::filesystem::path& path, const DetectReport& report);

/// RUN/anomalies.png: the `count` strangest, their reconstructions and where the error is; RUN/roc.png and
/// RUN/precision-recall.png where anomalies are known. Nothing in a build that cannot draw.
void draw_detection(OpenRun& run, const DetectReport& report, int64_t count);

Json detection_json(const std::filesystem::path& path, const DetectReport& report);
void print_detection(const std::filesystem::path& path, const DetectReport& report);

}  // namespace autoencoder
