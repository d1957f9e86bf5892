#include "pictures/grid_plan.h"

#include <algorithm>
#include <cmath>

#include "pictures/near_square.h"

namespace autoencoder {
namespace {

constexpr int64_t kGap = 6;       // between pictures
constexpr int64_t kWideGap = 20;  // between bands of rows, and between pairs
constexpr double kSeenSize = 80;  // small pictures are enlarged to about this
constexpr int64_t kMostZoom = 10;

PixelSize largest_of(const std::vector<PixelSize>& parts) {
  PixelSize largest;
  for (const PixelSize& part : parts) {
    largest.width = std::max(largest.width, part.width);
    largest.height = std::max(largest.height, part.height);
  }
  return largest;
}

int64_t zoom_for(const PixelSize& largest) {
  const double side = static_cast<double>(std::max(largest.width, largest.height));
  return std::clamp<int64_t>(std::llround(kSeenSize / side), 1, kMostZoom);
}

/// The parts of an example below one another, each in the middle.
void stack_parts(GridPlan& plan, const std::vector<PixelSize>& scaled, int64_t least_row_height) {
  plan.example = {largest_of(scaled).width, -kGap};
  for (size_t i = 0; i < scaled.size(); ++i) {
    const int64_t row_height = std::max(scaled[i].height, least_row_height);
    const int64_t top = plan.example.height + kGap;
    plan.parts[i].x = (plan.example.width - scaled[i].width) / 2;
    plan.parts[i].y = top + (row_height - scaled[i].height) / 2;
    plan.example.height = top + row_height;
  }
}

/// The parts of an example side by side, each in the middle.
void line_up_parts(GridPlan& plan, const std::vector<PixelSize>& scaled) {
  plan.example = {-kGap, largest_of(scaled).height};
  for (size_t i = 0; i < scaled.size(); ++i) {
    plan.parts[i].x = plan.example.width + kGap;
    plan.parts[i].y = (plan.example.height - scaled[i].height) / 2;
    plan.example.width = plan.parts[i].x + scaled[i].width;
  }
}

/// As many columns as fit, but bands of equal length; one part alone makes a near-square page.
int64_t choose_columns(int64_t count, const GridPlan& plan, int64_t width) {
  const int64_t fitting =
      std::max<int64_t>(1, (width + plan.gap.width) / (plan.example.width + plan.gap.width));
  if (plan.parts.size() == 1) {
    return std::min(fitting, near_square(count).columns);
  }
  const int64_t bands = (count + fitting - 1) / fitting;
  return (count + bands - 1) / bands;
}

}  // namespace

PixelSize GridPlan::size() const {
  return {columns * (example.width + gap.width) - gap.width,
          bands * (example.height + gap.height) - gap.height};
}

GridPlan plan_grid(int64_t count, const std::vector<PixelSize>& parts, const GridStyle& style, int64_t width,
                   int64_t least_row_height) {
  const PixelSize largest = largest_of(parts);
  const int64_t zoom = style.zoom > 0 ? style.zoom : zoom_for(largest);

  GridPlan plan;
  std::vector<PixelSize> scaled;
  for (const PixelSize& part : parts) {
    const int64_t scale = std::min(zoom * largest.width / part.width, zoom * largest.height / part.height);
    plan.parts.push_back({scale, 0, 0, scale * part.height});
    scaled.push_back({scale * part.width, scale * part.height});
  }
  const bool stacked = style.layout == GridLayout::kRows || parts.size() == 1;
  if (stacked) {
    stack_parts(plan, scaled, least_row_height);
    plan.gap = {kGap, parts.size() > 1 ? kWideGap : kGap};
  } else {
    line_up_parts(plan, scaled);
    plan.gap = {kWideGap, kGap};
  }
  plan.columns = style.columns > 0 ? std::min(style.columns, count) : choose_columns(count, plan, width);
  plan.bands = (count + plan.columns - 1) / plan.columns;
  return plan;
}

}  // namespace autoencoder
