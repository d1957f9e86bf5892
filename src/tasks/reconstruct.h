// A picture of a run's reconstructions, beside their originals.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/image_shape.h"
#include "pictures/grid.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct ReconstructRequest : RunDataRequest {
  int64_t count = 0;  ///< 0: ten, or as many as there are
  std::vector<int64_t> indices;
  std::string out;
  GridLayout layout = GridLayout::kRows;
  int64_t zoom = 0;
  bool show_code = false;
  std::string corruption;
  InferencePrecision precision;

  void visit(OptionVisitor& visitor) override;
};

struct ReconstructResult {
  std::filesystem::path out;
  int64_t examples = 0;
  ImageShape shape;               ///< of each
  double mean_squared_error = 0;  ///< mean over examples and numbers, in the units of the data: [0, 1]
  std::string note;               ///< of the precision, where there is something to be said

  Json to_json() const;
};

/// Draws them to `out`, a PNG: the examples at `indices`, or the first `count` where there are none; windows
/// of series as lines over each other, `count` of them spread over the split. Throws Error as open_with_data,
/// where the split has not so many examples, and as write_grid.
ReconstructResult reconstruct_examples(const ReconstructRequest& request);

}  // namespace autoencoder
