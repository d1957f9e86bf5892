// What a report tells of a run.
#pragma once

#include "report/report.h"
#include "tasks/run_access.h"

namespace autoencoder {

/// How many examples a report measures unless it is told otherwise: so many that training ends no later.
inline constexpr int64_t kReportedExamples = 2000;

struct RunPage {
  report::Report page;
  Json metrics;  ///< for machines: how many examples were measured, and what metrics_of gives
};

/// Measures the run's model on at most `most` examples of `data`, chosen at random but the same in every
/// call; 0: all of them. The model sees them as it did in training: corrupted, where it learned from
/// corrupted ones. Without pictures in a build that cannot draw.
RunPage report_of(const OpenRun& run, const DescribedData& data, int64_t most);

}  // namespace autoencoder
