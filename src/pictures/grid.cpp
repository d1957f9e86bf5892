#include "pictures/grid.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>
#include <torch/types.h>

#include "common/error.h"
#include "pictures/canvas.h"
#include "pictures/grid_plan.h"
#include "pictures/pixels.h"

namespace autoencoder {
namespace {

constexpr int kPageWidth = 1600;     // at most, unless the columns are given
constexpr int kReadableWidth = 640;  // a title may make a small page this wide
constexpr int kMargin = 20;
constexpr int64_t kLargestSide = 32000;  // what viewers of pictures still open
constexpr int64_t kLargestZoom = 1000;
constexpr double kCaptionWidth = 200;  // longer captions go on several lines
constexpr int kCaptionGap = 14;
constexpr int kBarWidth = 256;
constexpr int kBarHeight = 10;
constexpr int kBarGap = 16;     // above it
constexpr int kBarTicks = 2;    // steps from its lowest to its highest value
constexpr int kBarMargin = 24;  // beside it, for half a number
constexpr Colour kFrame{190, 190, 190};
constexpr TextStyle kCaptionText{.colour = kFaintInk};
constexpr TextStyle kRowCaptionText{.align = Align::kRight};
constexpr TextStyle kBarText{};
constexpr TextStyle kBarNumber{.height = 8, .align = Align::kCentre};

using Lines = std::vector<std::string>;

void check_parts(const std::vector<GridPart>& parts, const GridStyle& style) {
  TORCH_CHECK(!parts.empty(), "a grid needs at least one part");
  TORCH_CHECK(style.columns >= 0 && style.zoom >= 0, "columns and zoom of a grid cannot be negative");
  for (const GridPart& part : parts) {
    TORCH_CHECK(part.images.dim() == 4 && part.images.size(1) > 0 && part.images.size(2) > 0 &&
                    part.images.size(3) > 0,
                "images of a grid must be N x C x H x W, not ", part.images.sizes());
    TORCH_CHECK(part.images.size(0) == parts[0].images.size(0),
                "parts of a grid must have as many images as each other");
  }
  if (parts[0].images.size(0) == 0) {
    throw Error("there is no picture to draw; ask for at least 1");
  }
  if (style.zoom > kLargestZoom) {
    throw Error(fmt::format("a zoom of {} is too large; give at most {}", style.zoom, kLargestZoom));
  }
}

cv::Mat enlarged(const cv::Mat& picture, int64_t scale) {
  cv::Mat large;
  cv::resize(picture, large, picture.size() * static_cast<int>(scale), 0, 0, cv::INTER_NEAREST);
  return large;
}

double widest(const Lines& lines, const TextStyle& style) {
  double width = 0;
  for (const std::string& line : lines) {
    width = std::max(width, text_width(line, style));
  }
  return width;
}

double height_of(const Lines& lines, const TextStyle& style) {
  return static_cast<double>(lines.size()) * line_height(style);
}

/// What is written under the title: the captions, where they are not beside the rows.
std::string subtitle(const std::vector<GridPart>& parts) {
  if (parts.size() == 1) {
    return parts[0].caption;
  }
  std::string text = "left to right: ";
  for (size_t i = 0; i < parts.size(); ++i) {
    text += (i > 0 ? ", " : "") + parts[i].caption;
  }
  return text;
}

class GridPage {
 public:
  GridPage(const std::vector<GridPart>& parts, const GridStyle& style)
      : parts_(parts), count_(parts[0].images.size(0)), bar_(style.bar) {
    const bool captions_beside = style.layout == GridLayout::kRows && parts.size() > 1;
    if (captions_beside) {
      wrap_captions();
    }
    plan(style);
    const PixelSize pictures = plan_.size();
    check_size(pictures);

    const double wanted = std::min<double>(kReadableWidth, text_width(style.title, kTitleText));
    width_ = std::max({static_cast<int>(left_ + pictures.width),
                       kMargin + static_cast<int>(std::ceil(wanted)), left_ + bar_width()}) +
             kMargin;
    title_ = wrap_text(style.title, kTitleText, width_ - 2 * kMargin);
    if (!captions_beside) {
      subtitle_ = wrap_text(subtitle(parts), kCaptionText, width_ - 2 * kMargin);
    }
    top_ = kMargin + static_cast<int>(height_of(title_, kTitleText) + height_of(subtitle_, kCaptionText));
    if (top_ > kMargin) {
      top_ += 6;
    }
    bottom_ = top_ + static_cast<int>(pictures.height);
    height_ = bottom_ + bar_height() + kMargin;
  }

  void write(const std::filesystem::path& path) const {
    Canvas canvas(width_, height_);
    const double title_middle = kMargin + kTitleText.height / 2;
    canvas.draw_lines(title_, {kMargin, title_middle}, kTitleText);
    const double subtitle_middle = kMargin + height_of(title_, kTitleText) + kCaptionText.height / 2;
    canvas.draw_lines(subtitle_, {kMargin, subtitle_middle}, kCaptionText);
    draw_captions(canvas);
    for (size_t part = 0; part < parts_.size(); ++part) {
      draw_part(canvas, part);
    }
    if (bar_) {
      draw_bar(canvas);
    }
    canvas.save(path);
  }

 private:
  void wrap_captions() {
    double width = 0;
    for (const GridPart& part : parts_) {
      captions_.push_back(wrap_text(part.caption, kRowCaptionText, kCaptionWidth));
      width = std::max(width, widest(captions_.back(), kRowCaptionText));
    }
    left_ += static_cast<int>(std::ceil(width)) + kCaptionGap;
  }

  void plan(const GridStyle& style) {
    std::vector<PixelSize> sizes;
    for (const GridPart& part : parts_) {
      sizes.push_back({part.images.size(3), part.images.size(2)});
    }
    double row_height = 0;
    for (const Lines& caption : captions_) {
      row_height = std::max(row_height, height_of(caption, kRowCaptionText));
    }
    plan_ = plan_grid(count_, sizes, style, kPageWidth - left_ - kMargin, static_cast<int64_t>(row_height));
  }

  void check_size(const PixelSize& pictures) const {
    if (pictures.width <= kLargestSide && pictures.height <= kLargestSide) {
      return;
    }
    throw PictureTooLarge(fmt::format(
        "{} examples would make a picture of {} x {} pixels, more than {} on a side; draw fewer of them, or "
        "smaller (--zoom)",
        count_, pictures.width, pictures.height, kLargestSide));
  }

  void draw_captions(Canvas& canvas) const {
    for (int64_t band = 0; band < plan_.bands; ++band) {
      for (size_t part = 0; part < captions_.size(); ++part) {
        const PartPlace& place = plan_.parts[part];
        const auto row = static_cast<double>(top_ + plan_.y_of(band * plan_.columns) + place.y);
        const double first =
            row + (static_cast<double>(place.height) - height_of(captions_[part], kRowCaptionText) +
                   line_height(kRowCaptionText)) /
                      2;
        canvas.draw_lines(captions_[part], {static_cast<double>(left_ - kCaptionGap), first},
                          kRowCaptionText);
      }
    }
  }

  void draw_part(Canvas& canvas, size_t part) const {
    const torch::Tensor bytes = as_pixels(parts_[part].images).expand({-1, -1, -1, 3}).contiguous();
    const PartPlace& place = plan_.parts[part];
    for (int64_t i = 0; i < count_; ++i) {
      const cv::Mat large = enlarged(as_picture(bytes[i]), place.scale);
      const cv::Point corner(static_cast<int>(left_ + plan_.x_of(i) + place.x),
                             static_cast<int>(top_ + plan_.y_of(i) + place.y));
      canvas.draw_picture(large, corner);
      canvas.draw_frame({corner, large.size()}, kFrame);
    }
  }

  // The bar with the numbers below it, and its caption on the right.
  int bar_width() const {
    return bar_ ? kBarWidth + kBarMargin + static_cast<int>(std::ceil(text_width(bar_->caption, kBarText)))
                : 0;
  }
  int bar_height() const {
    return bar_ ? kBarGap + kBarHeight + static_cast<int>(std::ceil(line_height(kBarNumber))) : 0;
  }

  void draw_bar(Canvas& canvas) const {
    const cv::Rect place(left_, bottom_ + kBarGap, kBarWidth, kBarHeight);
    const torch::Tensor pixels = as_pixels(bar_->colours.unsqueeze(0));
    cv::Mat picture;
    cv::resize(as_picture(pixels[0]), picture, place.size(), 0, 0, cv::INTER_NEAREST);
    canvas.draw_picture(picture, place.tl());
    canvas.draw_frame(place, kFrame);
    const double middle = place.br().y + line_height(kBarNumber) * 0.6;
    for (int i = 0; i <= kBarTicks; ++i) {
      const double share = static_cast<double>(i) / kBarTicks;
      const std::string number = fmt::format("{:.3g}", bar_->lowest + share * (bar_->highest - bar_->lowest));
      canvas.draw_text(number, {place.x + share * place.width, middle}, kBarNumber);
    }
    canvas.draw_text(bar_->caption,
                     {static_cast<double>(place.br().x + kBarMargin), place.y + place.height / 2.0},
                     kBarText);
  }

  const std::vector<GridPart>& parts_;
  int64_t count_;
  std::optional<ColourBar> bar_;
  std::vector<Lines> captions_;  // beside the rows; empty where they are not
  Lines title_;
  Lines subtitle_;
  GridPlan plan_;
  int left_ = kMargin;
  int top_ = kMargin;
  int bottom_ = 0;  // of the pictures
  int width_ = 0;
  int height_ = 0;
};

}  // namespace

void write_grid(const std::filesystem::path& path, const std::vector<GridPart>& parts,
                const GridStyle& style) {
  check_parts(parts, style);
  std::vector<GridPart> seen = parts;
  for (GridPart& part : seen) {
    part.images = bands_of(part.images);
  }
  GridPage(seen, style).write(path);
}

}  // namespace autoencoder
