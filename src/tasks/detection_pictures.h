// What a detection looks like: the strangest examples, and how well scores tell anomalies apart.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tasks/detection.h"

namespace autoencoder {

/// Of every score, by name, how well it tells anomalies.
using Rankings = std::vector<std::pair<std::string, Ranking>>;

/// RUN/roc.png and RUN/precision-recall.png. Returns what it wrote.
std::vector<std::filesystem::path> draw_rankings(const RunDirectory& run, const Rankings& rankings);

/// RUN/anomalies.png: of images, the `count` strangest, their reconstructions and the detector's map over
/// them with a bar of its colours, and the outlines of masks where there are any; RUN/roc.png and
/// RUN/precision-recall.png where anomalies are known. Nothing in a build that cannot draw. Returns what it
/// wrote. Throws Error where a file cannot be written.
std::vector<std::filesystem::path> draw_detection(const OpenRun& run, const Detection& detection,
                                                  int64_t count);

}  // namespace autoencoder
