// The runs in a folder, and how far each of them came.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/options.h"
#include "run/history.h"

namespace autoencoder {

struct ListRunsRequest : Options {
  std::filesystem::path folder = "runs";

  void visit(OptionVisitor& visitor) override;
};

struct RunSummary {
  std::filesystem::path run;
  std::string model;
  std::string data;  ///< the last part of its name or path
  size_t epochs = 0;
  uint64_t bytes = 0;  ///< of all its files
  double train_seconds = 0;
  std::optional<EpochRecord> best;  ///< nothing before the first epoch ended

  Json to_json() const;
};

struct ListRunsResult {
  std::vector<RunSummary> runs;  ///< sorted by name

  Json to_json() const;
};

/// Those directly in the folder. Throws Error where there is no such folder, and where a file of a run is
/// damaged.
ListRunsResult summarise_runs(const ListRunsRequest& request);

}  // namespace autoencoder
