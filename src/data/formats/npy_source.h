// NumPy's .npy files as a data set.
#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace autoencoder {

/// A .npy file as data (see source_of_array). Labels, whole numbers, lie beside X.npy in X.labels.npy or
/// labels.npy, or there are none. Throws Error as read_npy, source_of_array and labels_of_array.
DataSource read_npy_source(const std::filesystem::path& path);

/// Where the labels of X.npy lie: X.labels.npy.
std::filesystem::path npy_labels_path(const std::filesystem::path& path);

}  // namespace autoencoder
