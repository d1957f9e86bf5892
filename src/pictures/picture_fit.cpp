#include "pictures/picture_fit.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace autoencoder {
namespace {

// What is added where the picture ends.
enum class Padding { kEdge, kZero };

// The size at which the picture, whose proportions stay, covers `size` or lies within it.
cv::Size scaled_size(cv::Size picture, cv::Size size, PictureFit fit) {
  const double across = static_cast<double>(size.width) / picture.width;
  const double down = static_cast<double>(size.height) / picture.height;
  const double scale = fit == PictureFit::kCrop ? std::max(across, down) : std::min(across, down);
  const auto scaled = [&](int side) { return std::max(static_cast<int>(std::lround(side * scale)), 1); };
  return {scaled(picture.width), scaled(picture.height)};
}

using Resize = cv::Mat (*)(const cv::Mat& picture, cv::Size size);

cv::Mat resized_picture(const cv::Mat& picture, cv::Size size) {
  const bool shrinks = picture.cols > size.width || picture.rows > size.height;
  const int enlarging = picture.depth() == CV_32F ? cv::INTER_LINEAR : cv::INTER_CUBIC;
  cv::Mat result;
  cv::resize(picture, result, size, 0, 0, shrinks ? cv::INTER_AREA : enlarging);
  return result;
}

cv::Mat resized_mask(const cv::Mat& mask, cv::Size size) {
  cv::Mat result;
  cv::resize(mask, result, size, 0, 0, cv::INTER_NEAREST);
  return result;
}

cv::Mat middle_of(const cv::Mat& picture, cv::Size size) {
  return picture(
      cv::Rect((picture.cols - size.width) / 2, (picture.rows - size.height) / 2, size.width, size.height));
}

cv::Mat padded(const cv::Mat& picture, cv::Size size, Padding padding) {
  const int left = (size.width - picture.cols) / 2;
  const int top = (size.height - picture.rows) / 2;
  cv::Mat result;
  cv::copyMakeBorder(picture, result, top, size.height - picture.rows - top, left,
                     size.width - picture.cols - left,
                     padding == Padding::kEdge ? cv::BORDER_REPLICATE : cv::BORDER_CONSTANT);
  return result;
}

cv::Mat fitted(const cv::Mat& picture, cv::Size size, PictureFit fit, Resize resized, Padding padding) {
  if (picture.size() == size) {
    return picture;
  }
  if (fit == PictureFit::kStretch) {
    return resized(picture, size);
  }
  const cv::Mat scaled = resized(picture, scaled_size(picture.size(), size, fit));
  return fit == PictureFit::kCrop ? middle_of(scaled, size) : padded(scaled, size, padding);
}

}  // namespace

cv::Mat fitted_picture(const cv::Mat& picture, cv::Size size, PictureFit fit) {
  return fitted(picture, size, fit, resized_picture, Padding::kEdge);
}

cv::Mat fitted_mask(const cv::Mat& mask, cv::Size size, PictureFit fit) {
  return fitted(mask, size, fit, resized_mask, Padding::kZero);
}

}  // namespace autoencoder
