// What a report tells of several runs.
#pragma once

#include <vector>

#include "report/report.h"
#include "tasks/comparison.h"

namespace autoencoder {

/// The runs in one table (`rows`, of measure), their losses, and what each makes of the same images.
report::Report comparison_report(const ComparedRuns& compared, const std::vector<ComparisonRow>& rows);

}  // namespace autoencoder
