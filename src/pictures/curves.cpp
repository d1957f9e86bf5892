#include "pictures/curves.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "pictures/axis.h"
#include "pictures/canvas.h"

namespace autoencoder {
namespace {

constexpr int kWidth = 960;
constexpr int kChartMargin = 24;
constexpr int kPlotHeight = 380;
constexpr double kLineStroke = 2.2;
constexpr double kDotRadius = 4;
constexpr int kLegendRow = 22;
constexpr int kTicks = 8;  // about, on the y axis
constexpr int kEpochTicks = 12;
constexpr size_t kFewPoints = 40;        // up to here each point gets a small dot
constexpr double kLogarithmicSpan = 50;  // from this factor between largest and smallest value on

constexpr TextStyle kSmallText{.height = 9, .stroke = 1.2, .colour = kFaintInk};
constexpr TextStyle kLegendText{.height = 9, .stroke = 1.2};
constexpr double kSwatch = 22;  // length of the piece of line in the legend
constexpr double kSwatchGap = 8;
constexpr double kLegendGap = 24;

double legend_width(const std::string& name) {
  return kSwatch + kSwatchGap + text_width(name, kLegendText) + kLegendGap;
}

// Okabe and Ito's palette, told apart with any kind of colour blindness; its yellow is too faint on white.
constexpr std::array<Colour, 7> kPalette{
    {{0, 114, 178}, {213, 94, 0}, {0, 158, 115}, {204, 121, 167}, {230, 159, 0}, {86, 180, 233}, {0, 0, 0}}};

Colour colour_of(size_t curve) { return kPalette[curve % kPalette.size()]; }

/// The values that a chart must show.
struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

bool drawable(const ChartCurve& curve, size_t i) {
  return std::isfinite(curve.x[i]) && std::isfinite(curve.y[i]);
}

Axis x_axis(const std::vector<ChartCurve>& curves) {
  Extent extent;
  bool whole = true;
  for (const ChartCurve& curve : curves) {
    for (const double x : curve.x) {
      if (!std::isfinite(x)) {
        continue;
      }
      extent.include(x);
      whole = whole && x == std::round(x);
    }
  }
  if (extent.low > extent.high) {
    return make_axis(0, 1, AxisScale::kLinear, kEpochTicks);
  }
  return whole ? make_whole_number_axis(extent.low, extent.high, kEpochTicks)
               : make_axis(extent.low, extent.high, AxisScale::kLinear, kEpochTicks);
}

Axis y_axis(const std::vector<ChartCurve>& curves, ChartKind kind) {
  Extent extent;
  for (const ChartCurve& curve : curves) {
    for (size_t i = 0; i < curve.y.size(); ++i) {
      if (drawable(curve, i)) {
        extent.include(curve.y[i]);
      }
    }
  }
  if (extent.low > extent.high) {
    return make_axis(0, 1, AxisScale::kLinear, kTicks);
  }
  const bool wide = kind == ChartKind::kLoss && extent.low > 0 && extent.high / extent.low > kLogarithmicSpan;
  return make_axis(extent.low, extent.high, wide ? AxisScale::kLogarithmic : AxisScale::kLinear, kTicks);
}

/// The position in the curve of its smallest value, if it has any.
std::optional<size_t> best_point(const ChartCurve& curve) {
  std::optional<size_t> best;
  for (size_t i = 0; i < curve.y.size(); ++i) {
    if (drawable(curve, i) && (!best || curve.y[i] < curve.y[*best])) {
      best = i;
    }
  }
  return best;
}

class Chart {
 public:
  Chart(const std::vector<ChartCurve>& curves, const ChartText& text)
      : curves_(curves),
        text_(text),
        x_(x_axis(curves)),
        y_(y_axis(curves, text.kind)),
        title_(wrap_text(text.title, kTitleText, kWidth - 2 * kChartMargin)),
        legend_(legend_rows()),
        plot_(place_plot()),
        canvas_(kWidth, plot_.br().y + kChartMargin + (text.x_label.empty() ? 24 : 46)) {}

  void draw() {
    canvas_.draw_lines(title_, cv::Point2d(kChartMargin, kChartMargin + 6), kTitleText);
    draw_legend();
    draw_axes();
    for (size_t i = 0; i < curves_.size(); ++i) {
      draw_curve(curves_[i], colour_of(i));
    }
    if (text_.kind == ChartKind::kLoss && !curves_.empty()) {
      mark_best(curves_.back(), colour_of(curves_.size() - 1));
    }
  }

  void save(const std::filesystem::path& path) const { canvas_.save(path); }

 private:
  cv::Rect place_plot() const {
    double ticks = 0;
    for (const Tick& tick : y_.ticks) {
      ticks = std::max(ticks, text_width(tick.label, kSmallText));
    }
    const int left = kChartMargin + static_cast<int>(ticks) + 12;
    const int top = kChartMargin +
                    static_cast<int>(static_cast<double>(title_.size()) * line_height(kTitleText)) + 14 +
                    kLegendRow * static_cast<int>(legend_.size());
    return {left, top, kWidth - left - kChartMargin - 8, kPlotHeight};
  }

  cv::Point2d place(double x, double y) const {
    return {plot_.x + x_.position(x) * plot_.width, plot_.br().y - y_.position(y) * plot_.height};
  }

  void draw_axes() {
    for (const Tick& tick : y_.ticks) {
      const int y = cvRound(place(x_.low, tick.value).y);
      canvas_.fill({plot_.x, y, plot_.width, 1}, kGridRule);
      TextStyle style = kSmallText;
      style.align = Align::kRight;
      canvas_.draw_text(tick.label, cv::Point2d(plot_.x - 10, y + 0.5), style);
    }
    TextStyle style = kSmallText;
    style.align = Align::kCentre;
    for (const Tick& tick : x_.ticks) {
      const int x = cvRound(place(tick.value, y_.low).x);
      canvas_.fill({x, plot_.y, 1, plot_.height}, kGridRule);
      canvas_.fill({x, plot_.br().y, 1, 6}, kRule);
      canvas_.draw_text(tick.label, cv::Point2d(x + 0.5, plot_.br().y + 18), style);
    }
    canvas_.fill({plot_.x, plot_.y, 1, plot_.height}, kRule);
    canvas_.fill({plot_.x, plot_.br().y, plot_.width, 1}, kRule);
    canvas_.draw_text(text_.x_label, cv::Point2d(plot_.x + plot_.width / 2.0, plot_.br().y + 42), style);
    canvas_.draw_text(text_.y_label, cv::Point2d(kChartMargin, plot_.y - kLegendRow), kSmallText);
  }

  /// As many rows as the names need beside the y axis' name.
  std::vector<std::vector<size_t>> legend_rows() const {
    const double most = kWidth - 2 * kChartMargin - text_width(text_.y_label, kSmallText) - kLegendGap;
    std::vector<std::vector<size_t>> rows(1);
    double used = 0;
    for (size_t i = 0; i < curves_.size(); ++i) {
      const double width = legend_width(curves_[i].name);
      if (used + width > most && !rows.back().empty()) {
        rows.emplace_back();
        used = 0;
      }
      rows.back().push_back(i);
      used += width;
    }
    return rows;
  }

  /// Above the plot, so that it never covers a line.
  void draw_legend() {
    double y = plot_.y - kLegendRow * static_cast<double>(legend_.size());
    for (const std::vector<size_t>& row : legend_) {
      double x = plot_.br().x + kLegendGap;
      for (const size_t i : row) {
        x -= legend_width(curves_[i].name);
      }
      for (const size_t i : row) {
        canvas_.draw_curve({{x, y}, {x + kSwatch, y}}, colour_of(i), kLineStroke);
        canvas_.draw_text(curves_[i].name, cv::Point2d(x + kSwatch + kSwatchGap, y), kLegendText);
        x += legend_width(curves_[i].name);
      }
      y += kLegendRow;
    }
  }

  void draw_curve(const ChartCurve& curve, Colour colour) {
    std::vector<cv::Point2d> stretch;
    const auto finish_stretch = [&] {
      canvas_.draw_curve(stretch, colour, kLineStroke);
      if (stretch.size() == 1) {
        canvas_.draw_dot(stretch[0], kDotRadius, colour);
      }
      stretch.clear();
    };
    for (size_t i = 0; i < curve.y.size(); ++i) {
      if (!drawable(curve, i)) {
        finish_stretch();
        continue;
      }
      stretch.push_back(place(curve.x[i], curve.y[i]));
      if (curve.y.size() <= kFewPoints) {
        canvas_.draw_dot(stretch.back(), 0.7 * kDotRadius, colour);
      }
    }
    finish_stretch();
  }

  void mark_best(const ChartCurve& curve, Colour colour) {
    const std::optional<size_t> best = best_point(curve);
    if (!best) {
      return;
    }
    const cv::Point2d point = place(curve.x[*best], curve.y[*best]);
    const std::string where =
        text_.x_label.empty() ? "" : fmt::format(", {} {}", text_.x_label, number_text(curve.x[*best]));
    const std::string label = fmt::format("best {}{}", number_text(curve.y[*best]), where);
    const cv::Rect room =
        free_room(point, {static_cast<int>(std::ceil(text_width(label, kLegendText))) + 12, 24});
    canvas_.fill(room, kPaper, 0.8);
    canvas_.draw_text(label, cv::Point2d(room.x + 6, room.y + room.height / 2.0), kLegendText);
    canvas_.draw_dot(point, kDotRadius + 3, colour);
    canvas_.draw_dot(point, kDotRadius + 0.6, kPaper);
    canvas_.draw_dot(point, kDotRadius - 1.2, colour);
  }

  /// Where a label of this size hides least of the chart: around `point`, as near as it can be, inside the
  /// plot.
  cv::Rect free_room(const cv::Point2d& point, const cv::Size& size) const {
    cv::Rect best;
    double least = std::numeric_limits<double>::infinity();
    for (const int distance : {12, 24, 40, 60}) {
      for (const double along : {-0.5, -0.85, -0.15, -1.0, 0.0}) {
        for (const double across : {-1.0, 0.0}) {
          const int x = cvRound(point.x + along * size.width);
          const int y = cvRound(point.y + across * size.height + (across < 0 ? -distance : distance));
          const cv::Rect room({x, y}, size);
          if ((room & plot_) != room) {
            continue;
          }
          const double hidden = canvas_.darkness(room) + 0.001 * distance;
          if (hidden < least) {
            least = hidden;
            best = room;
          }
        }
      }
    }
    return best;
  }

  const std::vector<ChartCurve>& curves_;
  const ChartText& text_;
  Axis x_;
  Axis y_;
  std::vector<std::string> title_;
  std::vector<std::vector<size_t>> legend_;  // rows of positions in curves_
  cv::Rect plot_;
  Canvas canvas_;
};

}  // namespace

void write_chart(const std::filesystem::path& path, const std::vector<ChartCurve>& curves,
                 const ChartText& text) {
  for (const ChartCurve& curve : curves) {
    TORCH_CHECK(curve.x.size() == curve.y.size(), "curve '", curve.name, "' has ", curve.x.size(), " x but ",
                curve.y.size(), " y");
  }
  Chart chart(curves, text);
  chart.draw();
  chart.save(path);
}

}  // namespace autoencoder
