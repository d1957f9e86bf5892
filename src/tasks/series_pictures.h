// What series and their windows look like beside what a model makes of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/series.h"
#include "evaluation/reconstruction.h"

namespace autoencoder {

/// Positions of so many windows of all that are `available`, from the first to the last of them: those side
/// by side show nearly the same.
std::vector<int64_t> windows_apart(int64_t count, int64_t available);

/// Draws windows to `path`, a PNG: each as a line over its steps, and its reconstruction over it; of a window
/// of many columns those that are reconstructed worst.
void write_window_reconstructions(const std::filesystem::path& path, const Windows& windows,
                                  const Reconstruction& shown, const std::string& title);

}  // namespace autoencoder
