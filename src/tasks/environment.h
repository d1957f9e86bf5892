// Where a run was trained: what its report tells, beside the configuration, to those who want the same.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

#include "run/run_directory.h"

namespace autoencoder {

/// What, and its value: versions, device, processor, system, time.
using Environment = std::vector<std::pair<std::string, std::string>>;

/// That of this process, now.
Environment present_environment(const torch::Device& device);

/// RUN/environment.json.
void write_environment(const RunDirectory& run, const Environment& environment);

/// Nothing where the run has none. Throws Error where the file is damaged.
Environment read_environment(const RunDirectory& run);

/// "2026-11-21 20:37 UTC"
std::string present_time();

}  // namespace autoencoder
