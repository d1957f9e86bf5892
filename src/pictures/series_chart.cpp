#include "pictures/series_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <c10/util/Exception.h>

#include "pictures/axis.h"
#include "pictures/canvas.h"

namespace autoencoder {
namespace {

constexpr int kSheetWidth = 1080;
constexpr int kSheetMargin = 24;
constexpr int kPanelGap = 22;  // between panels
constexpr int kPanelHeight = 130;
constexpr int kPanelTitleRow = 22;  // of a panel
constexpr int kTickRow = 22;
constexpr int kTickColumn = 46;
constexpr int kSheetLegendRow = 26;
constexpr int kMarkHeight = 6;
constexpr int kTicksUp = 3;       // about
constexpr int kStepsATick = 110;  // pixels
constexpr double kStroke = 2;
constexpr double kLineSample = 22;
constexpr double kLineSampleGap = 7;
constexpr double kNameGap = 22;

constexpr TextStyle kPanelTickText{.height = 8.5, .stroke = 1.15, .colour = kFaintInk};
constexpr TextStyle kPanelText{.height = 9, .stroke = 1.2};

// Okabe and Ito's palette, told apart with any kind of colour blindness.
constexpr std::array<Colour, 5> kLineColours{
    {{0, 114, 178}, {230, 159, 0}, {0, 158, 115}, {204, 121, 167}, {0, 0, 0}}};
constexpr Colour kShade{213, 94, 0};
constexpr Colour kMark{120, 40, 140};
constexpr double kShadeOpacity = 0.22;

// What of a panel is drawn in which colour, for all panels.
class Legend {
 public:
  explicit Legend(const std::vector<SeriesPanel>& panels) {
    for (const SeriesPanel& panel : panels) {
      for (const ChartCurve& curve : panel.curves) {
        if (std::ranges::count(names_, curve.name) == 0) {
          names_.push_back(curve.name);
        }
      }
      has_shade_ = has_shade_ || !panel.shaded.empty();
      has_marks_ = has_marks_ || !panel.marked.empty();
    }
  }

  Colour colour_of(const std::string& name) const {
    const auto place = std::ranges::find(names_, name) - names_.begin();
    return kLineColours[static_cast<size_t>(place) % kLineColours.size()];
  }

  void draw(Canvas& canvas, double y) const {
    double x = kSheetMargin;
    const auto add_text = [&](const std::string& text) {
      canvas.draw_text(text, cv::Point2d(x + kLineSample + kLineSampleGap, y), kPanelText);
      x += kLineSample + kLineSampleGap + text_width(text, kPanelText) + kNameGap;
    };
    for (const std::string& name : names_) {
      canvas.draw_curve({{x, y}, {x + kLineSample, y}}, colour_of(name), kStroke);
      add_text(name);
    }
    if (has_shade_) {
      canvas.fill({cvRound(x), cvRound(y) - 7, cvRound(kLineSample), 14}, kShade, kShadeOpacity);
      add_text("called an anomaly");
    }
    if (has_marks_) {
      canvas.fill({cvRound(x), cvRound(y) - kMarkHeight / 2, cvRound(kLineSample), kMarkHeight}, kMark);
      add_text("labelled one");
    }
  }

 private:
  std::vector<std::string> names_;
  bool has_shade_ = false;
  bool has_marks_ = false;
};

struct ValueRange {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    if (std::isfinite(value)) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  bool is_empty() const { return low > high; }
};

class PanelPainter {
 public:
  PanelPainter(Canvas& canvas, const Legend& legend, const SeriesPanel& panel, const cv::Rect& plot)
      : canvas_(canvas), legend_(legend), panel_(panel), plot_(plot), x_(x_axis()), y_(y_axis()) {}

  void draw() {
    canvas_.draw_text(panel_.title, cv::Point2d(plot_.x, plot_.y - kPanelTitleRow / 2.0), kPanelText);
    for (const StepSpan& span : panel_.shaded) {
      canvas_.fill(room_of(span) & plot_, kShade, kShadeOpacity);
    }
    draw_axes();
    for (const ChartCurve& curve : panel_.curves) {
      draw_curve(curve);
    }
    draw_level();
    for (const StepSpan& span : panel_.marked) {
      cv::Rect room = room_of(span) & plot_;
      room.y = plot_.br().y - kMarkHeight;
      room.height = kMarkHeight;
      canvas_.fill(room, kMark);
    }
  }

 private:
  Axis x_axis() const {
    ValueRange extent;
    for (const ChartCurve& curve : panel_.curves) {
      std::ranges::for_each(curve.x, [&](double x) { extent.include(x); });
    }
    return extent.is_empty()
               ? make_axis(0, 1, AxisScale::kLinear, 2)
               : make_whole_number_axis(extent.low, extent.high, std::max(2, plot_.width / kStepsATick));
  }

  Axis y_axis() const {
    ValueRange extent;
    for (const ChartCurve& curve : panel_.curves) {
      std::ranges::for_each(curve.y, [&](double y) { extent.include(y); });
    }
    extent.include(panel_.level.value_or(std::numeric_limits<double>::quiet_NaN()));
    return extent.is_empty() ? make_axis(0, 1, AxisScale::kLinear, kTicksUp)
                             : make_axis(extent.low, extent.high, AxisScale::kLinear, kTicksUp);
  }

  cv::Point2d place(double x, double y) const {
    return {plot_.x + x_.position(x) * plot_.width, plot_.br().y - y_.position(y) * plot_.height};
  }

  // Never thinner than what is seen.
  cv::Rect room_of(const StepSpan& span) const {
    constexpr int kThinnest = 3;
    const int left = cvFloor(place(span.first - 0.5, y_.low).x);
    const int right = cvCeil(place(span.last + 0.5, y_.low).x);
    const int missing = std::max(0, kThinnest - (right - left));
    return {left - missing / 2, plot_.y, right - left + missing, plot_.height};
  }

  void draw_axes() {
    TextStyle style = kPanelTickText;
    style.align = Align::kRight;
    for (const Tick& tick : y_.ticks) {
      const int y = cvRound(place(x_.low, tick.value).y);
      canvas_.fill({plot_.x, y, plot_.width, 1}, kGridRule);
      canvas_.draw_text(tick.label, cv::Point2d(plot_.x - 7, y + 0.5), style);
    }
    style.align = Align::kCentre;
    for (const Tick& tick : x_.ticks) {
      const int x = cvRound(place(tick.value, y_.low).x);
      canvas_.fill({x, plot_.br().y, 1, 5}, kRule);
      canvas_.draw_text(tick.label, cv::Point2d(x + 0.5, plot_.br().y + 14), style);
    }
    canvas_.fill({plot_.x, plot_.y, 1, plot_.height}, kRule);
    canvas_.fill({plot_.x, plot_.br().y, plot_.width, 1}, kRule);
  }

  void draw_curve(const ChartCurve& curve) {
    TORCH_CHECK(curve.x.size() == curve.y.size(), "curve '", curve.name, "' has ", curve.x.size(), " x but ",
                curve.y.size(), " y");
    std::vector<cv::Point2d> stretch;
    const auto finish = [&] {
      canvas_.draw_curve(stretch, legend_.colour_of(curve.name), kStroke);
      stretch.clear();
    };
    for (size_t i = 0; i < curve.y.size(); ++i) {
      if (std::isfinite(curve.y[i])) {
        stretch.push_back(place(curve.x[i], curve.y[i]));
      } else {
        finish();
      }
    }
    finish();
  }

  void draw_level() {
    if (panel_.level) {
      canvas_.fill({plot_.x, cvRound(place(x_.low, *panel_.level).y) - 1, plot_.width, 2}, kShade);
    }
  }

  Canvas& canvas_;
  const Legend& legend_;
  const SeriesPanel& panel_;
  cv::Rect plot_;
  Axis x_;
  Axis y_;
};

// Where the plot of a panel lies, on a page whose head takes `top`.
cv::Rect plot_of(size_t panel, int columns, int top) {
  const int width = (kSheetWidth - 2 * kSheetMargin - (columns - 1) * kPanelGap) / columns;
  const int height = kPanelTitleRow + kPanelHeight + kTickRow;
  const int column = static_cast<int>(panel) % columns;
  const int row = static_cast<int>(panel) / columns;
  return {kSheetMargin + column * (width + kPanelGap) + kTickColumn,
          top + row * (height + kPanelGap) + kPanelTitleRow, width - kTickColumn, kPanelHeight};
}

}  // namespace

void write_series(const std::filesystem::path& path, const std::vector<SeriesPanel>& panels,
                  const SeriesStyle& style) {
  TORCH_CHECK(!panels.empty() && style.columns > 0, "a picture of series has a panel");
  const std::vector<std::string> title = wrap_text(style.title, kTitleText, kSheetWidth - 2 * kSheetMargin);
  const int title_height = static_cast<int>(static_cast<double>(title.size()) * line_height(kTitleText));
  const int top = kSheetMargin + title_height + kSheetLegendRow;
  const int bottom = plot_of(panels.size() - 1, style.columns, top).br().y + kTickRow;
  Canvas canvas(kSheetWidth, bottom + kSheetMargin);
  canvas.draw_lines(title, cv::Point2d(kSheetMargin, kSheetMargin + 6), kTitleText);
  const Legend legend(panels);
  legend.draw(canvas, top - kSheetLegendRow / 2.0);
  for (size_t i = 0; i < panels.size(); ++i) {
    PanelPainter(canvas, legend, panels[i], plot_of(i, style.columns, top)).draw();
  }
  canvas.save(path);
}

}  // namespace autoencoder
