// Where everything on a page of pictures lies. Numbers only: nothing is drawn here.
#pragma once

#include <cstdint>
#include <vector>

#include "pictures/grid.h"

namespace autoencoder {

struct PixelSize {
  int64_t width = 0;
  int64_t height = 0;
};

/// One part's pictures on the page.
struct PartPlace {
  int64_t scale = 1;  ///< page pixels per pixel
  int64_t x = 0;      ///< of the picture's upper left corner, from its example's
  int64_t y = 0;
  int64_t height = 0;  ///< on the page
};

struct GridPlan {
  std::vector<PartPlace> parts;
  PixelSize example;  ///< all parts of one example
  PixelSize gap;      ///< between examples
  int64_t columns = 1;
  int64_t bands = 1;

  PixelSize size() const;
  int64_t x_of(int64_t example_index) const { return example_index % columns * (example.width + gap.width); }
  int64_t y_of(int64_t example_index) const {
    return example_index / columns * (example.height + gap.height);
  }
};

/// Lays out `count` examples whose parts have these sizes in pixels. `width` is what the page has for them,
/// which columns > 0 in the style overrules; `least_row_height` leaves room for the captions beside the rows.
GridPlan plan_grid(int64_t count, const std::vector<PixelSize>& parts, const GridStyle& style, int64_t width,
                   int64_t least_row_height);

}  // namespace autoencoder
