#include "pictures/canvas.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "pictures/pixels.h"
#include "pictures/text.h"

namespace autoencoder {
namespace {

// Dots and lines are drawn this many times larger and averaged down.
constexpr int kDotDetail = 8;
constexpr int kLineDetail = 4;

Letters letters_of(const TextStyle& style) { return {style.height, style.stroke}; }

cv::Mat average_down(const cv::Mat& detailed, const cv::Size& size) {
  cv::Mat small;
  cv::resize(detailed, small, size, 0, 0, cv::INTER_AREA);
  return small;
}

cv::Vec3b bgr(Colour colour) { return {colour.blue, colour.green, colour.red}; }

double left_end(double x, double width, Align align) {
  if (align == Align::kLeft) {
    return x;
  }
  return align == Align::kRight ? x - width : x - width / 2;
}

}  // namespace

double text_width(const std::string& text, const TextStyle& style) {
  return text_painter().width(text, letters_of(style));
}

double line_height(const TextStyle& style) { return std::round(style.height * 1.9); }

std::vector<std::string> wrap_text(const std::string& text, const TextStyle& style, double width) {
  return text_painter().wrap(text, letters_of(style), width);
}

Canvas::Canvas(int width, int height) : page_(height, width, CV_8UC3, cv::Scalar::all(255)) {}

void Canvas::draw_text(const std::string& text, const cv::Point2d& at, const TextStyle& style) {
  const double left = left_end(at.x, text_width(text, style), style.align);
  const TextMask mask =
      text_painter().mask(text, letters_of(style), {left, at.y}, cv::Rect({0, 0}, page_.size()));
  blend(mask.coverage, mask.corner, style.colour);
}

void Canvas::draw_lines(const std::vector<std::string>& lines, cv::Point2d at, const TextStyle& style) {
  for (const std::string& line : lines) {
    draw_text(line, at, style);
    at.y += line_height(style);
  }
}

void Canvas::draw_curve(const std::vector<cv::Point2d>& points, Colour colour, double stroke) {
  if (points.size() < 2) {
    return;
  }
  std::vector<cv::Point2f> rounded(points.begin(), points.end());
  const int border = static_cast<int>(std::ceil(stroke)) + 1;
  cv::Rect area = cv::boundingRect(rounded);
  area = cv::Rect(area.tl() - cv::Point(border, border), area.br() + cv::Point(border, border));

  constexpr int kFractionBits = 4;
  std::vector<cv::Point> fixed;
  for (const cv::Point2d& point : points) {
    const cv::Point2d detailed = (point - cv::Point2d(area.tl())) * kLineDetail * (1 << kFractionBits);
    fixed.emplace_back(static_cast<int>(std::lround(detailed.x)), static_cast<int>(std::lround(detailed.y)));
  }
  cv::Mat coverage(area.size() * kLineDetail, CV_8U, cv::Scalar(0));
  const int thickness = std::max(1, static_cast<int>(std::lround(stroke * kLineDetail)));
  cv::polylines(coverage, fixed, false, cv::Scalar(255), thickness, cv::LINE_AA, kFractionBits);
  blend(average_down(coverage, area.size()), area.tl(), colour);
}

void Canvas::draw_dot(const cv::Point2d& centre, double radius, Colour colour) {
  const cv::Point corner(static_cast<int>(std::floor(centre.x - radius)) - 1,
                         static_cast<int>(std::floor(centre.y - radius)) - 1);
  const int side = static_cast<int>(std::ceil(2 * radius)) + 3;
  cv::Mat coverage(side * kDotDetail, side * kDotDetail, CV_8U, cv::Scalar(0));
  const cv::Point2d detailed = (centre - cv::Point2d(corner)) * kDotDetail;
  cv::circle(coverage, cv::Point(cvRound(detailed.x), cvRound(detailed.y)), cvRound(radius * kDotDetail),
             cv::Scalar(255), cv::FILLED, cv::LINE_AA);
  blend(average_down(coverage, {side, side}), corner, colour);
}

void Canvas::fill(const cv::Rect& area, Colour colour, double opacity) {
  blend(cv::Mat(area.size(), CV_8U, cv::Scalar(std::round(255 * opacity))), area.tl(), colour);
}

void Canvas::draw_frame(const cv::Rect& inside, Colour colour) {
  const cv::Rect outer(inside.tl() - cv::Point(1, 1), inside.br() + cv::Point(1, 1));
  cv::rectangle(page_, outer, cv::Scalar(colour.blue, colour.green, colour.red));
}

void Canvas::draw_picture(const cv::Mat& picture, const cv::Point& corner) {
  const cv::Rect place(corner, picture.size());
  const cv::Rect seen = place & cv::Rect({0, 0}, page_.size());
  if (!seen.empty()) {
    picture(seen - corner).copyTo(page_(seen));
  }
}

double Canvas::darkness(const cv::Rect& area) const {
  if ((area & cv::Rect({0, 0}, page_.size())) != area || area.empty()) {
    return 1;
  }
  const cv::Scalar mean = cv::mean(page_(area));
  return 1 - (mean[0] + mean[1] + mean[2]) / (3 * 255);
}

void Canvas::save(const std::filesystem::path& path) const { write_png(path, page_); }

void Canvas::blend(const cv::Mat& coverage, const cv::Point& corner, Colour colour) {
  const cv::Rect seen = cv::Rect(corner, coverage.size()) & cv::Rect({0, 0}, page_.size());
  for (int y = seen.y; y < seen.br().y; ++y) {
    for (int x = seen.x; x < seen.br().x; ++x) {
      const int weight = coverage.at<uchar>(y - corner.y, x - corner.x);
      cv::Vec3b& pixel = page_.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) {
        pixel[c] = static_cast<uchar>((pixel[c] * (255 - weight) + bgr(colour)[c] * weight + 127) / 255);
      }
    }
  }
}

}  // namespace autoencoder
