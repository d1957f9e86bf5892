// A run's split on disk.
#pragma once

#include <filesystem>

#include "data/split.h"

namespace autoencoder {

/// Writes the file whole or not at all.
void write_split(const std::filesystem::path& path, const Split& split);

/// Throws Error where the file is missing, damaged or holds no split.
Split read_split(const std::filesystem::path& path);

}  // namespace autoencoder
