// How a folder of pictures is laid out: its splits, its classes, its masks. By names alone, as
// picture_files.h.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pictures/picture_files.h"

namespace autoencoder {

/// The parts of a data set. A class has the same number in all of them, and in all of them label_names are
/// those of all classes.
struct PictureLayout {
  PictureFiles train;
  PictureFiles validation;  ///< no paths where the folder sets none apart
  PictureFiles test;        ///< likewise
  bool has_masks = false;
  std::vector<std::filesystem::path> test_masks;  ///< of each test picture; "" where all of it is good
};

/// `train` beside `test` or `val` (or `training`, `testing`, `valid`, `validation`), or `train` alone with
/// classes in it, are splits, each with pictures in it or in sub-folders, which are its classes. With
/// ground_truth beside them a test picture test/KIND/NAME.png has its mask in ground_truth/KIND/NAME_mask.png
/// (or NAME.png; the endings may differ); kinds that are learned from have none. Every other folder is all
/// there is to learn from.
///
/// Throws Error as list_pictures, and, naming the file, on a test picture without a mask and a mask without a
/// test picture.
PictureLayout layout_of(const std::filesystem::path& folder);

/// Whether there is a folder of that name in which layout_of finds pictures.
bool has_picture_layout(const std::filesystem::path& folder);

}  // namespace autoencoder
