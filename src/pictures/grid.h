// Pictures of examples: rows of images with captions, as PNG.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <torch/types.h>

#include "common/error.h"

namespace autoencoder {

/// More pixels on a side than viewers of pictures open.
class PictureTooLarge : public Error {
 public:
  using Error::Error;
};

/// How the parts of a grid lie.
enum class GridLayout {
  kRows,  ///< originals in a row, what belongs to them in the rows below, in bands as wide as the page allows
  kPairs,  ///< what belongs to one example side by side, example after example
};

/// One kind of picture in a grid, one per example ("original", "reconstruction").
struct GridPart {
  std::string caption;
  torch::Tensor images;  ///< N x C x H x W, uint8 or float in [0, 1] (clipped); see bands_of
};

/// What colours of the pictures stand for.
struct ColourBar {
  torch::Tensor colours;  ///< 3 x 1 x W float in [0, 1], from the lowest to the highest
  double lowest = 0;
  double highest = 1;
  std::string caption;
};

struct GridStyle {
  GridLayout layout = GridLayout::kRows;
  int64_t columns = 0;  ///< examples side by side; 0 chooses
  int64_t zoom = 0;     ///< screen pixels per pixel; 0 chooses so that small pictures can be seen
  std::string title;
  std::optional<ColourBar> bar = std::nullopt;  ///< below the pictures
};

/// Writes the examples to `path` (PNG): a thin frame around each picture, the caption beside each row, the
/// title above. Parts may differ in H, W and C (a code as a small picture between original and
/// reconstruction) but not in N; smaller ones are scaled by whole factors to the cell of the largest.
/// Nearest-neighbour scaling, so that pixels stay pixels. Throws PictureTooLarge, and Error where the file
/// cannot be written.
void write_grid(const std::filesystem::path& path, const std::vector<GridPart>& parts,
                const GridStyle& style = {});

/// Codes (N x D, any range) as small grey pictures, N x 1 x h x w with h * w >= D, near square, each
/// dimension scaled by the batch's largest absolute value so that 0 is mid-grey; padding is black.
torch::Tensor codes_as_images(const torch::Tensor& codes);

/// Pictures (N x C x H x W) as one, row by row, `columns` side by side: C x rows*H x columns*W. Places left
/// over are black.
torch::Tensor sheet_of(const torch::Tensor& images, int64_t columns);

/// Images as they can be seen: those of 1 channel (grey) and of 3 (RGB) as they are, all others with each
/// channel as a grey picture, one below the other, N x 1 x C*H x W.
torch::Tensor bands_of(const torch::Tensor& images);

/// Values in [0, 1] (N x 1 x H x W, clipped) as colours, N x 3 x H x W: black, red, yellow, white.
torch::Tensor heat_of(const torch::Tensor& values);

}  // namespace autoencoder
