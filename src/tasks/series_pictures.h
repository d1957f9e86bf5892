// What series and their windows look like beside what a model makes of them.
#pragma once

#include <filesystem>
#include <string>

#include "data/series.h"
#include "evaluation/reconstruction.h"

namespace autoencoder {

/// Draws windows to `path`, a PNG: each as a line over its steps, and its reconstruction over it; of a window
/// of many columns those that are reconstructed worst.
void write_window_reconstructions(const std::filesystem::path& path, const Windows& windows,
                                  const Reconstruction& shown, const std::string& title);

}  // namespace autoencoder
