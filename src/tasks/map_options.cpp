#include "tasks/map_options.h"

namespace autoencoder {
namespace {

Choices<PixelDifference> wanted_differences() {
  Choices<PixelDifference> all = pixel_differences();
  all.insert(all.begin(), {"auto", nullptr});
  return all;
}

Choices<std::optional<MapMeasure>> wanted_measures() {
  Choices<std::optional<MapMeasure>> all = {{"auto", std::nullopt}};
  for (const auto& [name, measure] : map_measures()) {
    all.emplace_back(name, measure);
  }
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
  visitor.choice(
      "measure", measure,
      "fit: what maps are measured by: place, what is usual there in normal pictures; picture, also the "
      "picture's own median; none; auto is picture for pictures of 64 pixels and more",
      wanted_measures());
}

AnomalyMap MapOptions::map_for(const ImageShape& shape) const {
  const AnomalyMap usual = usual_map(shape);
  return {map != nullptr ? map : usual.difference, smooth >= 0 ? smooth : usual.smoothing,
          pool != "auto" ? Pooling(pool) : usual.pooling, measure.value_or(usual.measure)};
}

}  // namespace autoencoder
