// How maps of what is strange are made, as a user says it.
#pragma once

#include <string>

#include "common/image_shape.h"
#include "common/options.h"
#include "evaluation/anomaly_map.h"

namespace autoencoder {

/// What is left as it is by default is chosen by the size of the pictures.
struct MapOptions : Options {
  PixelDifference map = nullptr;
  double smooth = -1;
  std::string pool = "auto";

  void visit(OptionVisitor& visitor) override;

  /// Whether anything is said.
  bool is_given() const { return map != nullptr || smooth >= 0 || pool != "auto"; }

  /// Throws Error where `pool` is no way to pool.
  AnomalyMap map_for(const ImageShape& shape) const;
};

}  // namespace autoencoder
