// What each dimension of the code does: pictures of one code in which a single number changes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tasks/run_access.h"

namespace autoencoder {

struct TraverseRequest : RunDataRequest {
  int64_t index = 0;
  std::vector<int64_t> dimensions;
  int64_t count = 10;
  int64_t steps = 9;
  double range = 3;
  std::string out;

  void visit(OptionVisitor& visitor) override;
};

/// A dimension of the code, from 0, and between which values it was changed.
struct TraversedDimension {
  int64_t dimension = 0;
  double from = 0;
  double to = 0;
};

struct TraverseResult {
  std::filesystem::path out;
  std::string data;   ///< "test split of mnist, 10,000 images"
  int64_t index = 0;  ///< of the example whose code was changed
  int64_t latent_dim = 0;
  std::vector<TraversedDimension> dimensions;

  Json to_json() const;
};

/// Draws a row for each to `out`, a PNG. Throws Error as open_with_data, where the split has no such example
/// or the code no such dimension, and as write_grid.
TraverseResult traverse_code(const TraverseRequest& request);

}  // namespace autoencoder
