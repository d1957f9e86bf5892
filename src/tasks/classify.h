// What a run's codes are worth to other tasks: classifiers that learn from them, beside pixels and PCA.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/image_shape.h"
#include "common/progress.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct ClassifyRequest : RunDataRequest {
  int64_t labels = 0;
  std::vector<int64_t> curve;
  int64_t draws = 1;
  int64_t neighbours = 5;
  int64_t seed = 0;
  bool confusion = false;

  void visit(OptionVisitor& visitor) override;
};

/// Share of the test examples that are classified right, in [0, 1].
struct Accuracy {
  double mean = 0;                           ///< over the draws
  std::optional<double> standard_deviation;  ///< of several draws: divided by their number - 1
};

/// What was measured on one kind of features with one number of labels.
struct ProbeOutcome {
  std::string features;  ///< "codes", as compared_features names them
  int64_t dimensions = 0;
  int64_t labels = 0;
  Accuracy nearest_neighbours;
  Accuracy logistic_regression;
  int64_t stopped_early = 0;  ///< logistic regressions that had not converged at the limit of their steps
};

/// The same kinds of features for each number of labels, in the order in which they were asked for.
using ProbeOutcomes = std::vector<ProbeOutcome>;

/// How outcomes are read: all features by one number of labels, or each by several.
enum class ProbeLayout { kOneCount, kCurve };

struct ClassifyResult {
  std::string run;   ///< its folder
  std::string data;  ///< what was classified: "test split of mnist, 10,000 images"
  ImageShape shape;  ///< of an example
  int64_t images = 0;
  int64_t training_images = 0;  ///< that labels were drawn from
  std::vector<std::string> class_names;
  int64_t neighbours = 0;
  int64_t draws = 0;
  ProbeLayout layout = ProbeLayout::kOneCount;
  ProbeOutcomes outcomes;
  /// Test examples of class (row) that logistic regression on codes took for class (column), with the last
  /// number of labels, sum over the draws; nothing where it was not asked for.
  std::vector<std::vector<int64_t>> confusion;

  Json to_json() const;
};

/// Classifiers learn from labels of the training split and are tested on the split that is asked for, or else
/// the test split. Throws UsageError where the request contradicts itself; Error as open_with_data, where the
/// data have no labels or one class, and where the numbers of labels do not suit the training split or the
/// neighbours.
ClassifyResult classify_run(const ClassifyRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
