// The figures of a run's model on data.
#pragma once

#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "models/autoencoder.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct EvaluateRequest : RunDataRequest {
  int64_t seed = 0;
  std::string corruption;
  int64_t nll_samples = 0;

  void visit(OptionVisitor& visitor) override;
};

struct EvaluateResult {
  std::string run;   ///< its folder
  std::string data;  ///< "test split of mnist, 10,000 images"
  Evaluation evaluation;
  std::vector<Listing> listings;

  Json to_json() const;
};

/// Throws Error as open_with_data.
EvaluateResult evaluate_run(const EvaluateRequest& request);

}  // namespace autoencoder
