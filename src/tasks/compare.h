// Runs side by side, in metrics and on the same images.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/progress.h"
#include "tasks/comparison.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct CompareRequest : RunDataRequest {
  std::vector<std::string> others;  ///< folders of the runs beside `run`
  bool with_pca = false;
  int64_t count = 10;
  std::string out;

  void visit(OptionVisitor& visitor) override;
};

struct CompareResult {
  std::string data;  ///< "test split of mnist, 10,000 images"
  std::string noun;  ///< what an example is called: "image"
  std::vector<ComparisonRow> rows;
  std::optional<std::filesystem::path> picture;  ///< nothing of vectors, and in a build that cannot draw

  /// The rows' metrics.
  Json to_json() const;
};

/// Measures the runs, and draws the same images through every model. Throws Error as open_compared_runs, and
/// where the picture cannot be written.
CompareResult compare_runs(const CompareRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
