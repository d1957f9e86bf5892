// A folder of pictures as a data set.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "data/dataset.h"

namespace autoencoder {

/// How pictures become examples.
struct PictureFormat {
  int64_t size = 0;      ///< height and width to scale to; 0 keeps theirs, which must then all be equal
  int64_t channels = 0;  ///< 1 (grey) or 3 (RGB); 0 takes what the first picture has
};

/// Whether `folder` holds at least one picture (by file name ending), in itself or in a sub-folder.
bool has_pictures(const std::filesystem::path& folder);

/// All pictures (PNG, JPEG, BMP, PGM/PPM, TIFF, WebP) of `folder`, sorted by path, as N x C x H x W uint8,
/// RGB order. Sub-folders, where there are any, are the labels, sorted by name; folders in these are not
/// looked into. Hidden files and other endings are passed over. 16-bit pictures are scaled to 8 bits, what is
/// transparent shows white, and EXIF orientation is heeded. Throws Error, naming the file: one that cannot be
/// read as a picture, one of another size than the first where format.size is 0, one smaller than 8 x 8; an
/// empty folder; pictures both in the folder and in its sub-folders.
DataSource read_picture_folder(const std::filesystem::path& folder, const PictureFormat& format);

/// These pictures, likewise: N x C x H x W uint8, RGB order.
torch::Tensor read_picture_files(const std::vector<std::filesystem::path>& paths,
                                 const PictureFormat& format);

}  // namespace autoencoder
