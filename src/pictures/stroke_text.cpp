// Text in the strokes of OpenCV's Hershey font, which has ASCII alone.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <sstream>
#include <utf8.h>

#include <opencv2/imgproc.hpp>

#include "pictures/text.h"

namespace autoencoder {
namespace {

// Text is drawn this many times larger and averaged down: OpenCV's own smoothing blurs small letters.
constexpr int kStrokeDetail = 8;

// OpenCV's stroke font at scale 1 has capital letters this high, and looks better a little narrower.
constexpr int kStrokeFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kStrokeFontHeight = 21;
constexpr double kStrokeFontNarrowing = 0.9;

struct DetailedFont {
  double scale;
  int thickness;
  explicit DetailedFont(const Letters& letters)
      : scale(letters.height * kStrokeDetail / kStrokeFontHeight),
        thickness(std::max(1, static_cast<int>(std::lround(letters.stroke * kStrokeDetail)))) {}
};

/// The text with a '?' for each character that the font lacks.
std::string in_ascii(const std::string& text) {
  std::string ascii;
  const std::string characters = writable(text);
  for (auto at = characters.begin(); at != characters.end();) {
    const uint32_t character = utf8::next(at, characters.end());
    ascii.push_back(character < 0x7F ? static_cast<char>(character) : '?');
  }
  return ascii;
}

class StrokeText : public TextPainter {
 public:
  double width(const std::string& text, const Letters& letters) const override {
    return ascii_width(in_ascii(text), letters);
  }

  std::vector<std::string> wrap(const std::string& text, const Letters& letters,
                                double width) const override {
    std::vector<std::string> lines;
    std::istringstream words(in_ascii(text));
    for (std::string word; words >> word;) {
      if (!lines.empty() && ascii_width(lines.back() + " " + word, letters) <= width) {
        lines.back() += " " + word;
        continue;
      }
      while (ascii_width(word, letters) > width && word.size() > 1) {
        lines.push_back(take_fitting(word, letters, width));
      }
      lines.push_back(word);
    }
    return lines;
  }

  TextMask mask(const std::string& text, const Letters& letters, const cv::Point2d& at,
                const cv::Rect& page) const override;

  int missing(const std::string& text) const override {
    const std::string characters = writable(text);
    return static_cast<int>(std::count_if(characters.begin(), characters.end(), [](char byte) {
      return static_cast<unsigned char>(byte) >= 0xC0;  // the first byte of a character that is not ASCII
    }));
  }

 private:
  static double ascii_width(const std::string& text, const Letters& letters) {
    const DetailedFont font(letters);
    int below = 0;
    const cv::Size size = cv::getTextSize(text, kStrokeFont, font.scale, font.thickness, &below);
    return (size.width - font.thickness) * kStrokeFontNarrowing / kStrokeDetail + letters.stroke;
  }

  /// Takes from `rest` as many characters as fit in `width`, at least one.
  static std::string take_fitting(std::string& rest, const Letters& letters, double width) {
    size_t count = 1;
    while (count < rest.size() && ascii_width(rest.substr(0, count + 1), letters) <= width) {
      ++count;
    }
    std::string taken = rest.substr(0, count);
    rest.erase(0, count);
    return taken;
  }
};

TextMask StrokeText::mask(const std::string& text, const Letters& letters, const cv::Point2d& at,
                          const cv::Rect& page) const {
  const std::string ascii = in_ascii(text);
  const DetailedFont font(letters);
  int below = 0;
  const cv::Size size = cv::getTextSize(ascii, kStrokeFont, font.scale, font.thickness, &below);
  const int border = 2 * font.thickness;
  const int middle = border + size.height - static_cast<int>(letters.height * kStrokeDetail / 2);

  const cv::Point2d corner(at.x - border * kStrokeFontNarrowing / kStrokeDetail,
                           at.y - static_cast<double>(middle) / kStrokeDetail);
  const cv::Point whole(static_cast<int>(std::floor(corner.x)), static_cast<int>(std::floor(corner.y)));
  const cv::Point part(static_cast<int>((corner.x - whole.x) * kStrokeDetail / kStrokeFontNarrowing),
                       static_cast<int>((corner.y - whole.y) * kStrokeDetail));

  const cv::Size small(
      static_cast<int>((size.width + 2 * border + part.x) * kStrokeFontNarrowing / kStrokeDetail) + 1,
      (size.height + below + 2 * border + part.y) / kStrokeDetail + 1);
  const cv::Rect seen = cv::Rect(whole, small) & page;
  if (seen.empty()) {
    return {};
  }
  cv::Mat detailed(small.height * kStrokeDetail,
                   static_cast<int>(std::lround(small.width * kStrokeDetail / kStrokeFontNarrowing)), CV_8U,
                   cv::Scalar(0));
  cv::putText(detailed, ascii, part + cv::Point(border, border + size.height), kStrokeFont, font.scale,
              cv::Scalar(255), font.thickness, cv::LINE_AA);
  cv::Mat averaged;
  cv::resize(detailed, averaged, small, 0, 0, cv::INTER_AREA);
  return {averaged(seen - whole), seen.tl()};
}

}  // namespace

const TextPainter& stroke_text() {
  static const StrokeText painter;
  return painter;
}

}  // namespace autoencoder
