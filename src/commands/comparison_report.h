// What a report tells of several runs.
#pragma once

#include <vector>

#include "commands/contestants.h"
#include "report/report.h"

namespace autoencoder {

/// The runs in one table (`rows`, of measure), their losses, and what each makes of the same images.
report::Report comparison_report(const Contest& contest, const std::vector<ContestFigures>& rows);

}  // namespace autoencoder
