// How maps of what is strange are made, as a user says it.
#pragma once

#include <optional>
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
  std::optional<MapMeasure> measure = {};

  void visit(OptionVisitor& visitor) override;

  /// Whether anything is said.
  bool is_given() const { return map != nullptr || smooth >= 0 || pool != "auto" || measure; }

  /// Throws Error where `pool` is no way to pool.
  AnomalyMap map_for(const ImageShape& shape) const;
};

}  // namespace autoencoder
