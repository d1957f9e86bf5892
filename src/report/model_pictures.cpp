#include "report/model_pictures.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "pictures/encode.h"
#include "pictures/grid.h"
#include "pictures/near_square.h"

namespace autoencoder {
namespace {

constexpr int64_t kLargestPicture = 128;  // pixels a side; a report is to be sent by mail, too
constexpr int64_t kLargestTile = 32;      // likewise, of a thousand pictures

// Smaller by averaging, where a side is longer than `most`.
torch::Tensor reduced(const torch::Tensor& images, int64_t most) {
  const int64_t height = images.size(2);
  const int64_t width = images.size(3);
  const int64_t longest = std::max(height, width);
  if (longest <= most) {
    return images;
  }
  const auto scaled = [&](int64_t side) { return std::max<int64_t>(side * most / longest, 1); };
  return torch::adaptive_avg_pool2d(images.to(torch::kFloat32), {scaled(height), scaled(width)});
}

}  // namespace

report::Sheet report_sheet(const std::string& caption, const torch::Tensor& images) {
  const torch::Tensor tiles = reduced(bands_of(images), kLargestTile);
  const int64_t columns = near_square(tiles.size(0)).columns;
  return {caption, picture_bytes(sheet_of(tiles, columns)), tiles.size(3), tiles.size(2), columns};
}

report::Picture report_picture(const std::string& caption, const torch::Tensor& image) {
  const torch::Tensor shown = reduced(bands_of(image.unsqueeze(0)), kLargestPicture)[0];
  return {caption, picture_bytes(shown), shown.size(2), shown.size(1)};
}

report::Gallery gallery_of(const std::string& caption, const std::vector<Panel>& rows,
                           std::vector<report::Tile> tiles) {
  for (size_t i = 0; i < tiles.size(); ++i) {
    for (const Panel& row : rows) {
      tiles[i].pictures.push_back(report_picture(row.caption, row.images[static_cast<int64_t>(i)]));
    }
  }
  return {caption, std::move(tiles)};
}

report::Picture mosaic(const std::string& caption, const torch::Tensor& images) {
  const torch::Tensor framed =
      torch::constant_pad_nd(reduced(images, kLargestPicture).to(torch::kFloat32), {0, 1, 0, 1}, 0.5);
  const torch::Tensor sheet = sheet_of(framed, near_square(framed.size(0)).columns);
  const torch::Tensor picture = sheet.slice(1, 0, -1).slice(2, 0, -1);  // no line at the outer edges
  return {caption, picture_bytes(picture), picture.size(2), picture.size(1)};
}

report::Map map_of_points(const std::string& caption, const std::vector<NamedPoints>& clouds) {
  report::Map map = {
      .caption = caption, .x_label = "", .y_label = "", .groups = {}, .dots = {}, .sheets = {}};
  for (const NamedPoints& cloud : clouds) {
    const torch::Tensor numbers = cloud.points.flatten(1);
    for (int64_t i = 0; i < numbers.size(0); ++i) {
      const double x = numbers[i][0].item<double>();
      const double y = numbers[i][-1].item<double>();
      map.dots.push_back({x, y, map.groups.size(), fmt::format("{}: {:.4g}, {:.4g}", cloud.name, x, y)});
    }
    map.groups.push_back(cloud.name);
  }
  return map;
}

}  // namespace autoencoder
