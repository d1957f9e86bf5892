// Text through Pango, which finds fonts with fontconfig, shapes with HarfBuzz and draws with Cairo.
#include <algorithm>
#include <cmath>
#include <fontconfig/fontconfig.h>
#include <map>
#include <memory>
#include <pango/pangocairo.h>

#include <opencv2/imgproc.hpp>

#include "pictures/text.h"

namespace autoencoder {
namespace {

// Letters are fitted to whole pixels in height, which keeps them crisp, but not in width: text is drawn this
// many times wider and averaged down, so that the space between two letters is what the font wants.
constexpr int kShapingDetail = 8;
constexpr int kWidestStrip = 4000;  // Cairo's pictures have at most 32767 pixels on a side

constexpr double kRegularStroke = 0.133;  // of a font of regular weight, to the height of a capital letter

template <auto destroy>
struct Destroy {
  template <typename T>
  void operator()(T* object) const {
    destroy(object);
  }
};

template <typename T>
using Referenced = std::unique_ptr<T, Destroy<g_object_unref>>;
using Layout = Referenced<PangoLayout>;
using Surface = std::unique_ptr<cairo_surface_t, Destroy<cairo_surface_destroy>>;
using Brush = std::unique_ptr<cairo_t, Destroy<cairo_destroy>>;
using FontOptions = std::unique_ptr<cairo_font_options_t, Destroy<cairo_font_options_destroy>>;
using FontDescription = std::unique_ptr<PangoFontDescription, Destroy<pango_font_description_free>>;
using Pattern = std::unique_ptr<FcPattern, Destroy<FcPatternDestroy>>;
using FontSet = std::unique_ptr<FcFontSet, Destroy<FcFontSetDestroy>>;

/// Draws on `detailed`, 8 bits, whose width is a multiple of 4 as Cairo wants it.
Brush brush_for(cv::Mat& detailed) {
  const Surface surface(cairo_image_surface_create_for_data(detailed.data, CAIRO_FORMAT_A8, detailed.cols,
                                                            detailed.rows, detailed.cols));
  Brush brush(cairo_create(surface.get()));
  cairo_scale(brush.get(), kShapingDetail, 1);
  return brush;
}

int weight_of(const Letters& letters) {
  const double ratio = letters.stroke / letters.height / kRegularStroke;
  return static_cast<int>(std::clamp(std::lround(4 * ratio), 1L, 9L)) * 100;
}

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

class ShapedText : public TextPainter {
 public:
  ShapedText() : fonts_(pango_cairo_font_map_new()), context_(pango_font_map_create_context(fonts_.get())) {
    const FontOptions options(cairo_font_options_create());
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context_.get(), options.get());
    pango_context_set_round_glyph_positions(context_.get(), false);
  }

  double width(const std::string& text, const Letters& letters) const override {
    PangoRectangle line;
    pango_layout_get_extents(layout_of(writable(text), letters).get(), nullptr, &line);
    return static_cast<double>(line.width) / PANGO_SCALE;
  }

  std::vector<std::string> wrap(const std::string& text, const Letters& letters,
                                double width) const override {
    const std::string whole = writable(text);
    const Layout layout = layout_of(whole, letters);
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(layout.get(), static_cast<int>(std::max(width, 0.0) * PANGO_SCALE));
    std::vector<std::string> lines;
    for (const GSList* at = pango_layout_get_lines_readonly(layout.get()); at != nullptr; at = at->next) {
      const auto* line = static_cast<const PangoLayoutLine*>(at->data);
      const std::string words =
          trimmed(whole.substr(static_cast<size_t>(line->start_index), static_cast<size_t>(line->length)));
      if (!words.empty()) {
        lines.push_back(words);
      }
    }
    return lines;
  }

  TextMask mask(const std::string& text, const Letters& letters, const cv::Point2d& at,
                const cv::Rect& page) const override {
    const Layout layout = layout_of(writable(text), letters);
    PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), 0);
    const cv::Point2d start(at.x, std::round(at.y + letters.height / 2));
    const cv::Rect seen = area_of(line, start) & page;
    if (seen.empty()) {
      return {};
    }
    cv::Mat coverage(seen.size(), CV_8U, cv::Scalar(0));
    for (int x = 0; x < seen.width; x += kWidestStrip) {
      const cv::Rect strip(x, 0, std::min(kWidestStrip, seen.width - x), seen.height);
      draw_strip(line, start - cv::Point2d(seen.tl() + strip.tl()), coverage(strip));
    }
    return {coverage, seen.tl()};
  }

  int missing(const std::string& text) const override {
    return pango_layout_get_unknown_glyphs_count(layout_of(writable(text), {}).get());
  }

 private:
  /// The pixels that a line may cover, with its baseline beginning at `start`.
  static cv::Rect area_of(PangoLayoutLine* line, const cv::Point2d& start) {
    PangoRectangle ink;
    pango_layout_line_get_pixel_extents(line, &ink, nullptr);
    const int left = static_cast<int>(std::floor(start.x)) + ink.x - 1;
    const int top = static_cast<int>(start.y) + ink.y - 1;
    return ink.width == 0 ? cv::Rect() : cv::Rect(left, top, ink.width + 3, ink.height + 2);
  }

  static void draw_strip(PangoLayoutLine* line, const cv::Point2d& start, cv::Mat coverage) {
    cv::Mat detailed(coverage.rows, coverage.cols * kShapingDetail, CV_8U, cv::Scalar(0));
    const Brush brush = brush_for(detailed);
    cairo_move_to(brush.get(), start.x, start.y);
    pango_cairo_show_layout_line(brush.get(), line);
    cairo_surface_flush(cairo_get_target(brush.get()));
    cv::resize(detailed, coverage, coverage.size(), 0, 0, cv::INTER_AREA);
  }

  Layout layout_of(const std::string& line, const Letters& letters) const {
    const int weight = weight_of(letters);
    return layout_in_pixels(line, weight, letters.height / capital_height(weight));
  }

  Layout layout_in_pixels(const std::string& line, int weight, double size) const {
    const FontDescription font(pango_font_description_from_string("sans-serif"));
    pango_font_description_set_weight(font.get(), static_cast<PangoWeight>(weight));
    pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
    Layout layout(pango_layout_new(context_.get()));
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_text(layout.get(), line.data(), static_cast<int>(line.size()));
    return layout;
  }

  /// Of a font one pixel in size.
  double capital_height(int weight) const {
    const auto known = capital_heights_.find(weight);
    if (known != capital_heights_.end()) {
      return known->second;
    }
    constexpr int kLarge = 1000;
    PangoRectangle ink;
    pango_layout_get_pixel_extents(layout_in_pixels("H", weight, kLarge).get(), &ink, nullptr);
    // Where the only fonts have no letters, it is the height of a box.
    const double height = std::clamp(static_cast<double>(ink.height) / kLarge, 0.5, 1.0);
    return capital_heights_[weight] = height;
  }

  Referenced<PangoFontMap> fonts_;
  Referenced<PangoContext> context_;
  mutable std::map<int, double> capital_heights_;  // by weight
};

bool has_font_of(const char* format) {
  const Pattern pattern(FcPatternBuild(nullptr, FC_FONTFORMAT, FcTypeString, format, nullptr));
  const FontSet found(FcFontList(nullptr, pattern.get(), nullptr));
  return found && found->nfont > 0;
}

/// Pango ends the program where it finds no font that it can use: one of these formats.
bool has_fonts() { return has_font_of("TrueType") || has_font_of("CFF"); }

/// What Pango has to say, of a broken font say, helps nobody who wants a picture.
void silence_pango() {
  g_log_set_handler(
      "Pango", static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK),
      [](const char*, GLogLevelFlags, const char*, void*) {}, nullptr);
}

}  // namespace

const TextPainter* shaped_text() {
  static const bool is_available = has_fonts();
  if (!is_available) {
    return nullptr;
  }
  [[maybe_unused]] static const bool is_silent = (silence_pango(), true);
  thread_local const ShapedText painter;
  return &painter;
}

}  // namespace autoencoder
