// The maps of a detection, as files.
#pragma once

#include <filesystem>

#include "common/progress.h"
#include "tasks/detection.h"

namespace autoencoder {

/// Writes the detector's map of each picture into `folder`: NAME.npy, H x W float32, and, in a build that can
/// draw, NAME.png: the map over the picture, with the outline of the mask where there is one, in
/// the colours of Detection::brightest. NAME is that of the picture's file, below the folder that all of
/// them share, or its position. Throws Error where the model takes vectors and where a file cannot be
/// written.
void write_maps(const OpenRun& run, const Detection& detection, const std::filesystem::path& folder,
                Progress& progress);

}  // namespace autoencoder
