// What a code of two numbers stands for, everywhere: decoded pictures on a lattice.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "tasks/run_access.h"

namespace autoencoder {

struct ManifoldRequest : RunDataRequest {
  int64_t size = 20;
  double cover = 0.95;
  std::string out;

  void visit(OptionVisitor& visitor) override;
};

struct ManifoldResult {
  std::filesystem::path out;
  std::string data;                ///< whose codes lie within: "test split of mnist, 10,000 images"
  int64_t size = 0;                ///< pictures in a row and in a column
  std::array<double, 2> first{};   ///< least and largest first number of the codes, which grows to the right
  std::array<double, 2> second{};  ///< of the second number, which grows upwards

  Json to_json() const;
};

/// Draws the lattice to `out`, a PNG. Throws Error as open_with_data, where codes have not two numbers, and
/// as write_grid.
ManifoldResult draw_manifold(const ManifoldRequest& request);

}  // namespace autoencoder
