// NumPy's .npy files as a data set.
#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace autoencoder {

/// A .npy file as data: N x D vectors, which become N x 1 x 1 x D float32, or images, N x H x W or
/// N x C x H x W, of uint8 or of numbers in [0, 1]. Labels, whole numbers, lie beside X.npy in X.labels.npy
/// or labels.npy, or there are none. Throws Error as read_npy, and on another shape, nothing in it, numbers
/// that are not finite or out of range, and labels of another count.
DataSource read_npy_source(const std::filesystem::path& path);

/// Where the labels of X.npy lie: X.labels.npy.
std::filesystem::path npy_labels_path(const std::filesystem::path& path);

}  // namespace autoencoder
