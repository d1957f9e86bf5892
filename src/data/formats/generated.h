// Points on a curve or a surface, with noise: data whose true dimension is known.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace autoencoder {

/// How points are drawn.
struct GeneratedOptions {
  int64_t points = 0;  ///< 0: the usual number
  double noise = -1;   ///< standard deviation of the normal noise on each coordinate; negative: the usual one
  uint64_t seed = 0;
};

/// "circle", "spiral", "swiss-roll".
const std::vector<std::string>& generated_names();

bool is_generated(const std::string& name);

/// Points of one of these, N x 1 x 1 x D float32, about in [-1, 1]. Labels, 0 to 7, are eighths of the way
/// along the curve, before noise. The same options give the same points.
///
/// circle      500 points of the unit circle, uniform in the angle; noise 0.05; the way is the angle
/// spiral      1000 points of an Archimedean spiral of 1.5 turns, its radius uniform in [0, 1]; noise 0.02
/// swiss-roll  2000 points in 3-D as of scikit-learn's make_swiss_roll (Marsland 2009, chapter 6), centred in
/// its
///             width and divided by its largest radius; noise 0.02
DataSource generate_points(const std::string& name, const GeneratedOptions& options);

}  // namespace autoencoder
