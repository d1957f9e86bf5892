#include "pictures/scatter.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "pictures/axis.h"
#include "pictures/canvas.h"

namespace autoencoder {
namespace {

constexpr int kSide = 300;  // of a plot among others
constexpr int kLargeSide = 760;
constexpr int kLegendWidth = 160;
constexpr double kLegendStep = 22;
constexpr int kScatterMargin = 24;
constexpr int kBetween = 60;  // plots: room for the ticks
constexpr int kTop = 84;      // title, and titles of the plots
constexpr int kHeading = 30;  // of a plot among others
constexpr int kBottom = 44;
constexpr int kScatterTicks = 5;
constexpr double kPointRadius = 2.4;
constexpr double kSmallDotRadius = 1.7;
constexpr int64_t kManyPoints = 3000;  // from here on dots are small
constexpr Colour kPlainDot{78, 121, 167};
constexpr TextStyle kTickText{.height = 9, .stroke = 1.2, .colour = kFaintInk};

// N x 2 in float64.
torch::Tensor in_the_plane(const torch::Tensor& points) {
  const torch::Tensor values = points.detach().to(torch::kCPU, torch::kFloat64);
  if (values.size(1) == 1) {
    return torch::cat({values, torch::zeros_like(values)}, 1);
  }
  TORCH_CHECK(values.size(1) <= 3, "points of ", values.size(1), " numbers do not fit into the plane");
  return torch::stack({values.select(1, 0), values.select(1, values.size(1) - 1)}, 1).contiguous();
}

// An axis that spans `reach` around the middle of the values.
Axis axis_of(const torch::Tensor& values, double reach) {
  const double middle = (values.max().item<double>() + values.min().item<double>()) / 2;
  Axis axis = make_axis(middle - reach, middle + reach, AxisScale::kLinear, kScatterTicks);
  axis.low = middle - 1.06 * reach;
  axis.high = middle + 1.06 * reach;
  std::erase_if(axis.ticks,
                [&](const Tick& tick) { return tick.value < axis.low || tick.value > axis.high; });
  return axis;
}

std::vector<Colour> colours_of(const torch::Tensor& values) {
  const auto count = values.size(0);
  const torch::Tensor ranks = values.detach().to(torch::kCPU).argsort().argsort().to(torch::kFloat64);
  const torch::Tensor shades =
      (ranks * 235 / static_cast<double>(std::max<int64_t>(count - 1, 1))).to(torch::kUInt8);
  const cv::Mat grey(static_cast<int>(count), 1, CV_8UC1, shades.data_ptr());
  cv::Mat mapped;
  cv::applyColorMap(grey, mapped, cv::COLORMAP_TURBO);
  std::vector<Colour> colours;
  for (int row = 0; row < mapped.rows; ++row) {
    const auto& pixel = mapped.at<cv::Vec3b>(row);
    colours.push_back({pixel[2], pixel[1], pixel[0]});
  }
  return colours;
}

// Ten that are told apart easily (Tableau's), or as many hues as it takes.
std::vector<Colour> class_colours(size_t count) {
  const std::vector<Colour> ten = {{78, 121, 167}, {242, 142, 43}, {225, 87, 89},   {118, 183, 178},
                                   {89, 161, 79},  {237, 201, 72}, {176, 122, 161}, {255, 157, 167},
                                   {156, 117, 95}, {186, 176, 172}};
  if (count <= ten.size()) {
    return {ten.begin(), ten.begin() + static_cast<std::ptrdiff_t>(count)};
  }
  cv::Mat hues(1, static_cast<int>(count), CV_8UC3);
  for (int i = 0; i < hues.cols; ++i) {
    hues.at<cv::Vec3b>(i) = {static_cast<uint8_t>(180 * i / hues.cols),
                             static_cast<uint8_t>(i % 2 == 0 ? 200 : 130),
                             static_cast<uint8_t>(i % 3 == 0 ? 150 : 220)};
  }
  cv::Mat mixed;
  cv::cvtColor(hues, mixed, cv::COLOR_HSV2RGB);
  std::vector<Colour> colours;
  for (int i = 0; i < mixed.cols; ++i) {
    const auto& pixel = mixed.at<cv::Vec3b>(i);
    colours.push_back({pixel[0], pixel[1], pixel[2]});
  }
  return colours;
}

class Plot {
 public:
  Plot(const torch::Tensor& points, const cv::Rect& area) : points_(in_the_plane(points)), area_(area) {
    const torch::Tensor spans = points_.amax(0) - points_.amin(0);
    const double reach = std::max(spans.max().item<double>() / 2, 1e-9);
    across_ = axis_of(points_.select(1, 0), reach);
    up_ = axis_of(points_.select(1, 1), reach);
  }

  void draw(Canvas& canvas, const std::string& title, const std::vector<Colour>& colours) const {
    TextStyle heading = kTitleText;
    heading.align = Align::kCentre;
    canvas.draw_text(title, cv::Point2d(area_.x + area_.width / 2.0, area_.y - 18), heading);
    draw_axes(canvas);
    const double radius = points_.size(0) < kManyPoints ? kPointRadius : kSmallDotRadius;
    const auto values = points_.accessor<double, 2>();
    for (int64_t i = 0; i < points_.size(0); ++i) {
      if (std::isfinite(values[i][0]) && std::isfinite(values[i][1])) {
        canvas.draw_dot(place(values[i][0], values[i][1]), radius, colours[static_cast<size_t>(i)]);
      }
    }
  }

 private:
  cv::Point2d place(double x, double y) const {
    return {area_.x + across_.position(x) * area_.width, area_.br().y - up_.position(y) * area_.height};
  }

  void draw_axes(Canvas& canvas) const {
    TextStyle style = kTickText;
    style.align = Align::kCentre;
    for (const Tick& tick : across_.ticks) {
      const int x = cvRound(place(tick.value, up_.low).x);
      canvas.fill({x, area_.y, 1, area_.height}, kGridRule);
      canvas.draw_text(tick.label, cv::Point2d(x + 0.5, area_.br().y + 16), style);
    }
    style.align = Align::kRight;
    for (const Tick& tick : up_.ticks) {
      const int y = cvRound(place(across_.low, tick.value).y);
      canvas.fill({area_.x, y, area_.width, 1}, kGridRule);
      canvas.draw_text(tick.label, cv::Point2d(area_.x - 8, y + 0.5), style);
    }
    canvas.draw_frame(area_, kRule);
  }

  torch::Tensor points_;  // N x 2, float64
  cv::Rect area_;
  Axis across_;
  Axis up_;
};

void draw_legend(Canvas& canvas, const std::vector<std::string>& names, const std::vector<Colour>& colours,
                 const cv::Point2d& corner) {
  for (size_t i = 0; i < names.size(); ++i) {
    const double y = corner.y + kLegendStep * static_cast<double>(i);
    canvas.draw_dot({corner.x, y}, 5, colours[i]);
    canvas.draw_text(names[i], {corner.x + 14, y}, {});
  }
}

}  // namespace

void write_scatter(const std::filesystem::path& path, const std::vector<ScatterPlot>& plots,
                   const torch::Tensor& colour_by, const std::string& title) {
  const auto count = static_cast<int>(plots.size());
  Canvas canvas(kScatterMargin + count * (kBetween + kSide) + kScatterMargin, kTop + kSide + kBottom);
  canvas.draw_text(title, cv::Point2d(kScatterMargin, kScatterMargin), kTitleText);
  const std::vector<Colour> colours = colours_of(colour_by);
  for (int i = 0; i < count; ++i) {
    const ScatterPlot& plot = plots[static_cast<size_t>(i)];
    const cv::Point corner(kScatterMargin + kBetween + i * (kBetween + kSide), kTop);
    Plot(plot.points, {corner, cv::Size(kSide, kSide)}).draw(canvas, plot.title, colours);
  }
  canvas.save(path);
}

void write_labelled_scatter(const std::filesystem::path& path, const LabelledPoints& data,
                            const std::string& title) {
  const bool has_legend = data.labels.defined();
  const std::vector<Colour> palette = class_colours(data.names.size());
  std::vector<Colour> colours(static_cast<size_t>(data.points.size(0)), kPlainDot);
  for (size_t i = 0; has_legend && i < colours.size(); ++i) {
    colours[i] = palette.at(static_cast<size_t>(data.labels[static_cast<int64_t>(i)].item<int64_t>()));
  }
  const int legend_height = static_cast<int>(kLegendStep * static_cast<double>(data.names.size()));
  const cv::Rect area(kScatterMargin + kBetween, kTop - kHeading, kLargeSide, kLargeSide);
  Canvas canvas(area.br().x + kScatterMargin + (has_legend ? kLegendWidth : 0),
                area.y + std::max(kLargeSide, legend_height) + kBottom);
  canvas.draw_text(title, cv::Point2d(kScatterMargin, kScatterMargin), kTitleText);
  Plot(data.points, area).draw(canvas, "", colours);
  if (has_legend) {
    draw_legend(canvas, data.names, palette, cv::Point2d(area.br().x + kScatterMargin, area.y + 8));
  }
  canvas.save(path);
}

}  // namespace autoencoder
