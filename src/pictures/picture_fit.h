// Pictures of any size made one of a wanted size.
#pragma once

#include <opencv2/core.hpp>

#include "pictures/picture_folder.h"

namespace autoencoder {

/// The picture as one of `size`, as `fit` says: averages where it gets smaller, cubic where it gets larger,
/// linear there for float32, which cubic curves would take out of their range.
cv::Mat fitted_picture(const cv::Mat& picture, cv::Size size, PictureFit fit);

/// A mask, likewise, but every pixel is one that was there, and what is padded is 0.
cv::Mat fitted_mask(const cv::Mat& mask, cv::Size size, PictureFit fit);

}  // namespace autoencoder
