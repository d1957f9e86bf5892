// What a run's detector found, as a report tells it.
#pragma once

#include "report/report.h"
#include "run/run_directory.h"

namespace autoencoder {

/// The figures of the last `detect score` and its picture; no blocks where there was none. Throws Error where
/// the file of figures is damaged.
report::Section detection_section(const RunDirectory& run);

}  // namespace autoencoder
