// The IDX format of MNIST (http://yann.lecun.com/exdb/mnist), plain or gzip, and the folders that hold it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace autoencoder {

/// Images of an IDX file (magic 0x00000803: uint8, count x rows x columns) as N x 1 x H x W uint8.
/// Throws Error, naming file, value found and remedy: missing or unreadable file, truncated or corrupt gzip,
/// wrong magic, a header that does not match the bytes or overflows, zero images. Never allocates what the
/// file cannot hold.
torch::Tensor read_idx_images(const std::filesystem::path& path);

/// Labels of an IDX file (magic 0x00000801: uint8, count) as N int64. Throws as read_idx_images.
torch::Tensor read_idx_labels(const std::filesystem::path& path);

/// Whether `folder` holds IDX training images under one of their usual names (train-images-idx3-ubyte or
/// train-images.idx3-ubyte, plain or .gz).
bool has_idx_files(const std::filesystem::path& folder);

/// What stands before these names in `folder`, of each set in it, sorted: "emnist-letters", or "" where
/// nothing does.
std::vector<std::string> idx_prefixes(const std::filesystem::path& folder);

/// The set of that prefix in a folder of IDX files: training images, and labels and the test split (t10k-...
/// or test-...) where they are there. Throws Error as above, and where images and labels have different
/// counts or train and test images different sizes.
DataSource read_idx_folder(const std::filesystem::path& folder, const std::string& prefix = "");

}  // namespace autoencoder
