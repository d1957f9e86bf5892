#include "pictures/canvas.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <opencv2/imgproc.hpp>

#include "pictures/pixels.h"

namespace autoencoder {
namespace {

// Text and lines are drawn this many times larger and averaged down: OpenCV's own smoothing blurs small
// letters.
constexpr int kTextDetail = 8;
constexpr int kLineDetail = 4;

// OpenCV's stroke font at scale 1 has capital letters this high, and looks better a little narrower.
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kFontHeight = 21;
constexpr double kFontNarrowing = 0.9;

struct DetailedFont {
  double scale;
  int thickness;
  explicit DetailedFont(const TextStyle& style)
      : scale(style.height * kTextDetail / kFontHeight),
        thickness(std::max(1, static_cast<int>(std::lround(style.stroke * kTextDetail)))) {}
};

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

/// Takes from `rest` as many characters as fit in `width`, at least one.
std::string take_fitting(std::string& rest, const TextStyle& style, double width) {
  size_t count = 1;
  while (count < rest.size() && text_width(rest.substr(0, count + 1), style) <= width) {
    ++count;
  }
  std::string taken = rest.substr(0, count);
  rest.erase(0, count);
  return taken;
}

}  // namespace

double text_width(const std::string& text, const TextStyle& style) {
  const DetailedFont font(style);
  int below = 0;
  const cv::Size size = cv::getTextSize(text, kFont, font.scale, font.thickness, &below);
  return (size.width - font.thickness) * kFontNarrowing / kTextDetail + style.stroke;
}

double line_height(const TextStyle& style) { return std::round(style.height * 1.9); }

std::vector<std::string> wrap_text(const std::string& text, const TextStyle& style, double width) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!lines.empty() && text_width(lines.back() + " " + word, style) <= width) {
      lines.back() += " " + word;
      continue;
    }
    while (text_width(word, style) > width && word.size() > 1) {
      lines.push_back(take_fitting(word, style, width));
    }
    lines.push_back(word);
  }
  return lines;
}

Canvas::Canvas(int width, int height) : page_(height, width, CV_8UC3, cv::Scalar::all(255)) {}

void Canvas::draw_text(const std::string& text, const cv::Point2d& at, const TextStyle& style) {
  const DetailedFont font(style);
  int below = 0;
  const cv::Size size = cv::getTextSize(text, kFont, font.scale, font.thickness, &below);
  const int border = 2 * font.thickness;
  const int middle = border + size.height - static_cast<int>(style.height * kTextDetail / 2);

  const double left = left_end(at.x, text_width(text, style), style.align);
  const cv::Point2d corner(left - border * kFontNarrowing / kTextDetail,
                           at.y - static_cast<double>(middle) / kTextDetail);
  const cv::Point whole(static_cast<int>(std::floor(corner.x)), static_cast<int>(std::floor(corner.y)));
  const cv::Point part(static_cast<int>((corner.x - whole.x) * kTextDetail / kFontNarrowing),
                       static_cast<int>((corner.y - whole.y) * kTextDetail));

  const cv::Size small(
      static_cast<int>((size.width + 2 * border + part.x) * kFontNarrowing / kTextDetail) + 1,
      (size.height + below + 2 * border + part.y) / kTextDetail + 1);
  cv::Mat detailed(small.height * kTextDetail,
                   static_cast<int>(std::lround(small.width * kTextDetail / kFontNarrowing)), CV_8U,
                   cv::Scalar(0));
  cv::putText(detailed, text, part + cv::Point(border, border + size.height), kFont, font.scale,
              cv::Scalar(255), font.thickness, cv::LINE_AA);
  blend(average_down(detailed, small), whole, style.colour);
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
  cv::Mat coverage(side * kTextDetail, side * kTextDetail, CV_8U, cv::Scalar(0));
  const cv::Point2d detailed = (centre - cv::Point2d(corner)) * kTextDetail;
  cv::circle(coverage, cv::Point(cvRound(detailed.x), cvRound(detailed.y)), cvRound(radius * kTextDetail),
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
