// Pictures on the way from the code of one example to that of the next.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tasks/run_access.h"

namespace autoencoder {

struct InterpolateRequest : RunDataRequest {
  std::vector<int64_t> indices = {0, 1, 2, 3, 4, 5};
  int64_t steps = 10;
  std::string path = "linear";
  std::string out;

  void visit(OptionVisitor& visitor) override;
};

struct InterpolateResult {
  std::filesystem::path out;
  std::string data;              ///< "test split of mnist, 10,000 images"
  std::vector<int64_t> indices;  ///< of the examples: a row of pictures from each to the next
  int64_t steps = 0;             ///< pictures in a row
  std::string path;              ///< linear or spherical

  Json to_json() const;
};

/// Draws them to `out`, a PNG. Throws Error as open_with_data, where fewer than two examples are named or the
/// split has no such ones, and as write_grid.
InterpolateResult interpolate_codes(const InterpolateRequest& request);

}  // namespace autoencoder
