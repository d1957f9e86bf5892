// A white page to draw on: small crisp text, smooth lines, pictures pixel by pixel; saved as PNG.
// Positions are page pixels from the upper left corner and may lie between pixels. What lies outside the page
// is not drawn.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

namespace autoencoder {

struct Colour {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
};

constexpr Colour kInk{51, 51, 51};          ///< text
constexpr Colour kFaintInk{110, 110, 110};  ///< text that stands back: ticks, axis names
constexpr Colour kRule{150, 150, 150};      ///< axes and frames
constexpr Colour kGridRule{232, 232, 232};
constexpr Colour kPaper{255, 255, 255};

/// Where the point given to draw_text lies on the line of text.
enum class Align { kLeft, kCentre, kRight };

struct TextStyle {
  double height = 9.5;  ///< of a capital letter
  double stroke = 1.3;
  Colour colour = kInk;
  Align align = Align::kLeft;
};

constexpr TextStyle kTitleText{.height = 12, .stroke = 1.8};

/// Width of a line of text on the page. Text is UTF-8; pictures/text.h says what becomes of it.
double text_width(const std::string& text, const TextStyle& style);

/// The text in lines no wider than `width`, broken between words where it can be, else within one. No text,
/// no line.
std::vector<std::string> wrap_text(const std::string& text, const TextStyle& style, double width);

/// From one line of text to the next.
double line_height(const TextStyle& style);

class Canvas {
 public:
  Canvas(int width, int height);

  int width() const { return page_.cols; }
  int height() const { return page_.rows; }

  /// One line. `at` lies on the line's left end, centre or right end, in the middle of the capital letters'
  /// height.
  void draw_text(const std::string& text, const cv::Point2d& at, const TextStyle& style);

  /// Lines below one another; `at` belongs to the first.
  void draw_lines(const std::vector<std::string>& lines, cv::Point2d at, const TextStyle& style);

  /// A line through the points, smooth, with round joints; one point alone draws nothing.
  void draw_curve(const std::vector<cv::Point2d>& points, Colour colour, double stroke);

  void draw_dot(const cv::Point2d& centre, double radius, Colour colour);

  /// Covers the rectangle; `opacity` 1 hides what was there, 0 leaves it.
  void fill(const cv::Rect& area, Colour colour, double opacity = 1);

  /// A frame one pixel wide around `inside`, which it leaves alone.
  void draw_frame(const cv::Rect& inside, Colour colour);

  /// Puts a picture (8 bits, B G R) with its upper left corner at `corner`.
  void draw_picture(const cv::Mat& picture, const cv::Point& corner);

  /// How much has been drawn within `area`: 0 (white) to 1 (black); 1 too where it lies partly outside the
  /// page.
  double darkness(const cv::Rect& area) const;

  /// Writes the page as PNG. Throws Error where that fails.
  void save(const std::filesystem::path& path) const;

 private:
  void blend(const cv::Mat& coverage, const cv::Point& corner, Colour colour);

  cv::Mat page_;  // 8 bits, B G R
};

}  // namespace autoencoder
