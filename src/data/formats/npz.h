// NumPy's .npz files: archives of .npy files.
#pragma once

#include <filesystem>
#include <string>

#include "data/dataset.h"

namespace autoencoder {

/// An array of a .npz file as data (see source_of_array): the one called `array`, or the only one where that
/// is empty. Its labels are the array X.labels or, where there is none, labels, which are no data of their
/// own. Throws Error as read_npy, source_of_array and labels_of_array, on a file that is no whole .npz, and
/// where it holds several arrays, or none of that name.
DataSource read_npz_source(const std::filesystem::path& path, const std::string& array = "");

}  // namespace autoencoder
