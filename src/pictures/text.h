// A line of text: how wide it is, where it is broken, which pixels it covers. There are two ways to write:
// Pango's (any script that the machine has a font of: shaped, from right to left where it must be) and
// OpenCV's strokes (ASCII, everywhere).
// Text is UTF-8. Bytes that are none and control characters are written as U+FFFD, white space as one space;
// what follows kLongestLine characters is left out.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

namespace autoencoder {

constexpr size_t kLongestLine = 16384;  // wider than any page

struct Letters {
  double height = 9.5;  ///< of a capital letter, in pixels
  double stroke = 1.3;  ///< thickness of its lines; a font has few weights, of which the nearest is taken
};

/// How much of each pixel is covered, 8 bits. Empty where there is nothing to see.
struct TextMask {
  cv::Mat coverage;
  cv::Point corner;  ///< of the coverage on the page
};

class TextPainter {
 public:
  virtual ~TextPainter() = default;

  virtual double width(const std::string& text, const Letters& letters) const = 0;

  /// The text in lines no wider than `width` (but of one character at least), broken between words where it
  /// can be, else within one. No text, no line.
  virtual std::vector<std::string> wrap(const std::string& text, const Letters& letters,
                                        double width) const = 0;

  /// `at` is the line's left end, in the middle of the capital letters' height. Cut to `page`.
  virtual TextMask mask(const std::string& text, const Letters& letters, const cv::Point2d& at,
                        const cv::Rect& page) const = 0;

  /// How many characters cannot be written as they are: boxes or '?' stand in their place.
  virtual int missing(const std::string& text) const = 0;
};

/// Pango's way; null where the program was built without Pango or the machine has no font. Each thread has
/// its own, which no other may use.
const TextPainter* shaped_text();

/// OpenCV's way.
const TextPainter& stroke_text();

/// The better of those that there are.
const TextPainter& text_painter();

/// The text as it can be written: the head of this file says how.
std::string writable(const std::string& text);

}  // namespace autoencoder
