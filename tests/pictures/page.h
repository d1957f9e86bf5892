// A picture that was written, read back to be looked at.
#pragma once

#include <filesystem>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "pictures/canvas.h"

namespace autoencoder::testing {

class Page {
 public:
  explicit Page(const std::filesystem::path& path) : pixels_(cv::imread(path.string(), cv::IMREAD_COLOR)) {
    if (pixels_.empty()) {
      ADD_FAILURE() << path << " is no picture";
      pixels_ = cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(255));
    }
  }

  int width() const { return pixels_.cols; }
  int height() const { return pixels_.rows; }
  cv::Rect whole() const { return {0, 0, width(), height()}; }

  Colour at(int x, int y) const {
    const auto bgr = pixels_.at<cv::Vec3b>(y, x);
    return {bgr[2], bgr[1], bgr[0]};
  }

  /// Pixels of just this colour within `area`.
  int count(Colour colour, const cv::Rect& area) const { return cv::countNonZero(mask(colour)(area)); }

  /// The smallest rectangle around all pixels of just this colour within `area`; empty where there are none.
  cv::Rect region(Colour colour, const cv::Rect& area) const {
    cv::Rect found;
    for (int y = area.y; y < area.br().y; ++y) {
      for (int x = area.x; x < area.br().x; ++x) {
        if (same(at(x, y), colour)) {
          found = found.empty() ? cv::Rect(x, y, 1, 1) : found | cv::Rect(x, y, 1, 1);
        }
      }
    }
    return found;
  }
  cv::Rect region(Colour colour) const { return region(colour, whole()); }

  /// Pixels as dark as text within `area`.
  int ink(const cv::Rect& area) const {
    int dark = 0;
    for (int y = area.y; y < area.br().y; ++y) {
      for (int x = area.x; x < area.br().x; ++x) {
        const Colour colour = at(x, y);
        dark += colour.red < 130 && colour.green < 130 && colour.blue < 130 ? 1 : 0;
      }
    }
    return dark;
  }

  /// Whether a border of this many pixels is white: nothing is cut off.
  bool has_white_border(int border) const {
    const cv::Rect inner(border, border, width() - 2 * border, height() - 2 * border);
    return count(kPaper, whole()) - count(kPaper, inner) == width() * height() - inner.area();
  }

  static bool same(Colour a, Colour b) { return a.red == b.red && a.green == b.green && a.blue == b.blue; }

 private:
  cv::Mat mask(Colour colour) const {
    const cv::Scalar bgr(colour.blue, colour.green, colour.red);
    cv::Mat found;
    cv::inRange(pixels_, bgr, bgr, found);
    return found;
  }

  cv::Mat pixels_;
};

}  // namespace autoencoder::testing
