// Whether this build can draw and read pictures at all.
#pragma once

#include <string>

namespace autoencoder {

/// False in a build without OpenCV; everything else in this folder then throws Error with the remedy.
bool pictures_available();

/// "4.6.0", or "none".
std::string opencv_version();

}  // namespace autoencoder
