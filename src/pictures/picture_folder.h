// Files and folders of pictures as a data set.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/options.h"
#include "data/dataset.h"

namespace autoencoder {

/// How a picture gets another size than its own.
enum class PictureFit {
  kStretch,  ///< its sides are scaled, each by itself
  kCrop,     ///< it is scaled until it covers the size, and its middle is taken
  kPad,      ///< it is scaled until it lies within the size, and its edges go on to the border
};

/// "stretch", "crop", "pad".
Choices<PictureFit> picture_fits();

/// How pictures become examples.
struct PictureFormat {
  int64_t height = 0;    ///< to scale to; 0 keeps theirs, which must then all be equal
  int64_t width = 0;     ///< likewise; 0 where height is
  int64_t channels = 0;  ///< 1 (grey) or 3 (RGB); 0: RGB where one of them is in colour
  PictureFit fit = PictureFit::kStretch;
};

/// All pictures (PNG, JPEG, BMP, PGM/PPM, TIFF, WebP, GIF) of `folder`, sorted by path, as N x C x H x W, RGB
/// order: uint8 or, where one of them has 16 bits or floating-point numbers, float32, 16 bits and 8 as
/// numbers from 0 to 1. Sub-folders are splits, masks and labels as layout_of says; folders in these are not
/// looked into. Hidden files are passed over; other files, too, which a note says, as it does what else might
/// be a mistake. What is transparent shows white, and EXIF orientation is heeded. Masks are 255 where those
/// of the files are not 0. Throws Error, naming the file: one that cannot be read as a picture, one of
/// another size than the first where format.height is 0, one smaller than 8 x 8, a mask of another size than
/// its picture; an empty folder; pictures both in the folder and in its sub-folders.
DataSource read_picture_folder(const std::filesystem::path& folder, const PictureFormat& format);

/// Single pictures, likewise, at least one, in the order given.
DataSource read_picture_list(const std::string& name, const std::vector<std::filesystem::path>& paths,
                             const PictureFormat& format);

/// The picture of a file's bytes, which errors call `name`, scaled to the format's size, which must be there:
/// C x H x W, uint8, or float32 where it has more than 8 bits. Throws Error likewise, but on no small one.
/// Safe to call from several threads.
torch::Tensor read_picture_bytes(const std::string& bytes, const std::string& name,
                                 const PictureFormat& format);

/// Their pixels alone.
torch::Tensor read_picture_files(const std::vector<std::filesystem::path>& paths,
                                 const PictureFormat& format);

}  // namespace autoencoder
