// What this program was built with.
#pragma once

#include <string>

namespace autoencoder {

/// Program, LibTorch, OpenCV and CUDA, a line each.
std::string version_text();

}  // namespace autoencoder
