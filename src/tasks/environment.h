// Where a run was trained: what its report tells, beside the configuration, to those who want the same.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

#include "common/stopwatch.h"
#include "run/run_directory.h"

namespace autoencoder {

/// What, and its value: versions, device, processor, system, time.
using Environment = std::vector<std::pair<std::string, std::string>>;

/// How long each part of a task took, and what memory the process has had at most until its end.
class Phases {
 public:
  /// The part from the one before, or from the beginning, until now.
  void end(const std::string& name);

  /// "training": "35.2 s, at most 412.0 MiB of memory"
  const Environment& entries() const { return entries_; }

 private:
  Environment entries_;
  Stopwatch watch_;
};

/// That of this process, now.
Environment present_environment(const torch::Device& device);

/// The first, and the second behind it.
Environment joined(Environment first, const Environment& second);

/// RUN/environment.json.
void write_environment(const RunDirectory& run, const Environment& environment);

/// Nothing where the run has none. Throws Error where the file is damaged.
Environment read_environment(const RunDirectory& run);

/// What a run's earlier calls told of their phases, of all of them under one name, "training before": the
/// entries of `kept`, the run's, that `present` lacks.
Environment phases_before(const Environment& kept, const Environment& present);

/// "2026-11-21 20:37 UTC"
std::string present_time();

}  // namespace autoencoder
