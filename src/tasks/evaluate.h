// The figures of a run's model on data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "evaluation/synthetic.h"
#include "models/autoencoder.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct EvaluateRequest : RunDataRequest {
  int64_t seed = 0;
  std::string corruption;
  int64_t nll_samples = 0;
  std::string synthetic;
  std::string predict;

  void visit(OptionVisitor& visitor) override;
};

struct EvaluateResult {
  std::string run;   ///< its folder
  std::string data;  ///< "test split of mnist, 10,000 images"
  Evaluation evaluation;
  std::vector<Listing> listings;
  std::optional<SyntheticQuality> synthetic;  ///< of the made-up rows that were named
  std::vector<std::string> notes = {};        ///< of the data: what is to be told

  Json to_json() const;
};

/// Throws UsageError where a column is to be predicted without made-up rows; Error as open_with_data, and
/// where those rows are not like the table that was learned from, or that column is none of words.
EvaluateResult evaluate_run(const EvaluateRequest& request);

}  // namespace autoencoder
