// What this program is and what it was built with.
#pragma once

#include <string>

namespace autoencoder {

std::string program_version();  ///< "0.1.0"

/// Program, LibTorch, OpenCV and CUDA, a line each.
std::string version_text();

}  // namespace autoencoder
