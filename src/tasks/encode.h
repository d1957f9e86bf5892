// The codes of a data set, as a file of numbers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/progress.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct EncodeRequest : RunDataRequest {
  std::string out;
  PrecisionOptions double_precision;
  InferencePrecision precision;

  void visit(OptionVisitor& visitor) override;
};

struct EncodeResult {
  std::filesystem::path out;
  std::string data;  ///< "test split of mnist, 10,000 images"
  int64_t codes = 0;
  int64_t latent_dim = 0;
  bool has_labels = false;
  std::vector<std::string> notes;  ///< of the data and of the precision, what is to be told

  Json to_json() const;
};

/// Writes them to `out`. Throws Error as open_with_data, and where the file cannot be written.
EncodeResult encode_data(const EncodeRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
