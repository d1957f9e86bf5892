// What can be asked of a served model: each a computation on many examples, or codes, at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <torch/types.h>

#include "service/served_model.h"

namespace autoencoder::service {

/// What a computation takes, and what each thing that it gives is.
enum class Content {
  kExamples,  ///< N x C x H x W, as the model takes them
  kCodes,     ///< N x D
  kNumbers,   ///< N
  kMaps,      ///< N x 1 x H x W
  kShares,    ///< N x columns
};

/// What one gives of N inputs, N of each.
struct Part {
  std::string name;  ///< "codes"
  Content content = Content::kExamples;
  torch::Tensor values;  ///< on the CPU
};

struct Operation {
  std::string name;     ///< "encode": the last word of its path
  std::string summary;  ///< one line
  Content takes = Content::kExamples;
  bool takes_holes = false;  ///< whether parts of what it takes may be missing (NaN); of rows they always may
  bool draws_codes = false;  ///< whether the codes that it takes are drawn from the model's prior, not sent
  std::vector<std::string> gives;  ///< names of its parts, the one first that stands for all
  /// What kind the first part is.
  Content gives_first = Content::kExamples;
  std::function<bool(const ServedModel&)> is_possible = [](const ServedModel&) { return true; };
  /// Whether requests may be computed together: what is drawn at random goes by the place in a batch.
  std::function<bool(const ServedModel&)> is_shared = [](const ServedModel&) { return true; };
  /// Input on the model's device. Without gradients.
  std::function<std::vector<Part>(const ServedModel&, const torch::Tensor&)> compute;
  const Operation* detailed = nullptr;  ///< the same with parts that cost more; null where there are none
};

/// All that there are, in the order of the documentation.
const std::vector<Operation>& operations();

/// Those that the model can do.
std::vector<const Operation*> operations_of(const ServedModel& served);

/// Throws Problem (404) where there is none of that name, or where the model cannot do it.
const Operation& find_operation(const ServedModel& served, const std::string& name);

}  // namespace autoencoder::service
