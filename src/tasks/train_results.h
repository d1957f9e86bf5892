// What training leaves in a run, once it has ended.
#pragma once

#include "common/log.h"
#include "run/run_directory.h"
#include "tasks/training_session.h"

namespace autoencoder {

/// Pictures, numbers, the page and the exported files, of the best epoch. Says what it wrote. Throws Error
/// where something is missing in the end; what can be written is written before.
void write_results(Log& log, const RunDirectory& run, const TrainingSession& session);

}  // namespace autoencoder
