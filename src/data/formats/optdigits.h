// "Optical Recognition of Handwritten Digits" (https://archive.ics.uci.edu/dataset/80): images of 8 x 8
// pixels from 0 to 16. Small enough to learn from in seconds.
#pragma once

#include <filesystem>
#include <string>

#include "data/dataset.h"

namespace autoencoder {

/// One file, optdigits.tes or optdigits.tra: a row of 64 pixels and a digit for each image. Images are
/// N x 1 x 8 x 8 float32, the pixels divided by 16. Throws Error as read_csv, and where rows are not such.
DataSource read_optdigits_file(const std::filesystem::path& path);

/// Whether `folder` holds optdigits.tra or optdigits.tes.
bool has_optdigits(const std::filesystem::path& folder);

/// "digits": learns from optdigits.tra and sets optdigits.tes apart as test split; one of them alone is all
/// there is to learn from. Throws Error as read_optdigits_file.
DataSource read_optdigits_folder(const std::filesystem::path& folder);

}  // namespace autoencoder
