// What this program was built with.
#pragma once

#include <string>

namespace autoencoder {

/// Program, LibTorch, BLAS, OpenCV and CUDA, a line each. Throws Error as blas_name.
std::string version_text();

}  // namespace autoencoder
