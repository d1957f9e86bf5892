// GIF files, which OpenCV does not read.
#pragma once

#include <string>

#include <opencv2/core.hpp>

namespace autoencoder {

/// Whether a file with these bytes is one.
bool is_gif(const std::string& bytes);

/// The first frame, with nothing but transparency around it: B G R A, 8 bits, or grey where all of its
/// colours are. Empty where the file is damaged. Throws cv::Exception where memory does not hold it.
cv::Mat decode_gif(const std::string& bytes);

}  // namespace autoencoder
