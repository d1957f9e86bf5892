// How well a number can be told from a run's codes, beside raw features and PCA.
#pragma once

#include <string>
#include <vector>

#include "tasks/run_access.h"

namespace autoencoder {

struct RegressRequest : RunDataRequest {
  int64_t neighbours = 5;

  void visit(OptionVisitor& visitor) override;
};

/// How far predictions are off. rmse and mae are in the target's units.
struct RegressionErrors {
  double r2 = 0;  ///< share of the test targets' variance that is told
  double rmse = 0;
  double mae = 0;
};

/// Of one kind of features.
struct RegressionOutcome {
  std::string features;  ///< "codes", as compared_features names them
  int64_t dimensions = 0;
  RegressionErrors ridge;
  RegressionErrors neighbours;
};

struct RegressResult {
  std::string run;   ///< its folder
  std::string data;  ///< what was predicted: "test split of houses, 80 examples"
  int64_t examples = 0;
  int64_t training_examples = 0;
  int64_t neighbours = 0;
  std::vector<RegressionOutcome> outcomes;

  Json to_json() const;
};

/// Regressions learn the target from the training split and are tested on the split that is asked for, or
/// else the test split. Throws Error as open_with_data, where the data have no target, and where there are
/// fewer training examples than neighbours.
RegressResult regress_run(const RegressRequest& request);

}  // namespace autoencoder
