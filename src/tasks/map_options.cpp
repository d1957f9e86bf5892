#include "tasks/map_options.h"

namespace autoencoder {
namespace {

Choices<PixelDifference> wanted_differences() {
  Choices<PixelDifference> all = pixel_differences();
  all.insert(all.begin(), {"auto", nullptr});
  return all;
}

}  // namespace

void MapOptions::visit(OptionVisitor& visitor) {
  visitor.choice("map", map, "fit: what is compared in each pixel; auto is chosen by the pictures' size",
                 wanted_differences());
  visitor.option("smooth", smooth,
                 "fit: pixels over which maps are smoothed (standard deviation); 0: none; -1: chosen",
                 between(-1, 1000));
  visitor.option(
      "pool", pool,
      "fit: the score of a picture by its map: max, mean, or top:S, the mean of the largest share S");
}

AnomalyMap MapOptions::map_for(const ImageShape& shape) const {
  const AnomalyMap usual = usual_map(shape);
  return {map != nullptr ? map : usual.difference, smooth >= 0 ? smooth : usual.smoothing,
          pool != "auto" ? Pooling(pool) : usual.pooling};
}

}  // namespace autoencoder
