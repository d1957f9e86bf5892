// A run that is served: its model, what it takes, and what it can do.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <torch/types.h>

#include "data/series.h"
#include "data/table_schema.h"
#include "evaluation/detector.h"
#include "pictures/picture_folder.h"
#include "tasks/run_access.h"

namespace autoencoder::service {

/// What an example is to those who send it.
enum class ExampleKind { kPicture, kVector, kRow, kWindow };

/// "picture", "vector", "row", "window".
Choices<ExampleKind> example_kinds();

/// How examples are scored.
struct Scoring {
  Detector detector;
  bool has_threshold = false;  ///< of a detector that was fitted to the run
};

/// Once loaded it stays as it is, and any thread may use it.
struct ServedModel {
  std::string name;
  OpenRun run;
  std::string version;  ///< another one whenever what is served is another
  std::string loaded;   ///< when, UTC, ISO 8601
  ExampleKind kind = ExampleKind::kVector;
  std::shared_ptr<const TableSchema> schema = {};  ///< of rows
  std::vector<std::string> missing = {};           ///< words for their holes
  std::optional<SeriesScales> scales = {};         ///< of windows
  PictureFit fit = PictureFit::kStretch;           ///< of pictures of other sizes
  Scoring scoring = {};

  Autoencoder& model() const { return run.model(); }
  const ImageShape& shape() const { return run.model().input_shape(); }
  torch::Device device() const { return run.model().parameters().front().device(); }

  /// Whether pictures can be read for it, and drawn of what it makes.
  bool has_pictures() const;
};

/// What a run's folder holds that is served, as a text that changes with it; empty where there is no run.
std::string version_of(const std::filesystem::path& run);

/// Loads it, and computes something once, so that the first request does not wait for what is done once.
/// Throws Error as open_run_model, and where what belongs to the run is damaged.
std::shared_ptr<const ServedModel> load_served(const std::filesystem::path& run, const torch::Device& device);

/// All about it, for machines: without what is known of requests.
Json description_of(const ServedModel& served);

}  // namespace autoencoder::service
