#include "pictures/gif.h"

#include <algorithm>
#include <cstring>
#include <gif_lib.h>
#include <memory>
#include <string_view>

namespace autoencoder {
namespace {

// giflib's way to take bytes: those that it asks for, off the front of what is left.
int take_bytes(GifFileType* gif, GifByteType* destination, int count) {
  auto& rest = *static_cast<std::string_view*>(gif->UserData);
  const size_t taken = std::min(rest.size(), static_cast<size_t>(count));
  std::memcpy(destination, rest.data(), taken);
  rest.remove_prefix(taken);
  return static_cast<int>(taken);
}

int transparent_colour(GifFileType& gif) {
  GraphicsControlBlock graphics;
  const bool is_told = ::DGifSavedExtensionToGCB(&gif, 0, &graphics) == GIF_OK;
  return is_told ? graphics.TransparentColor : NO_TRANSPARENT_COLOR;
}

// The first frame, where it lies on the screen.
cv::Mat first_frame(GifFileType& gif) {
  const SavedImage& image = gif.SavedImages[0];
  const GifImageDesc& frame = image.ImageDesc;
  const ColorMapObject* colours = frame.ColorMap != nullptr ? frame.ColorMap : gif.SColorMap;
  const cv::Rect place(frame.Left, frame.Top, frame.Width, frame.Height);
  const cv::Size screen(std::max(gif.SWidth, place.br().x), std::max(gif.SHeight, place.br().y));
  if (colours == nullptr || screen.empty()) {
    return {};
  }
  const int transparent = transparent_colour(gif);
  cv::Mat picture(screen, CV_8UC4, cv::Scalar::all(0));
  const GifByteType* pixel = image.RasterBits;
  for (int y = place.y; y < place.br().y; ++y) {
    for (int x = place.x; x < place.br().x; ++x, ++pixel) {
      if (*pixel != transparent && *pixel < colours->ColorCount) {
        const GifColorType& colour = colours->Colors[*pixel];
        picture.at<cv::Vec4b>(y, x) = {colour.Blue, colour.Green, colour.Red, 255};
      }
    }
  }
  return picture;
}

bool is_grey(const cv::Mat& picture) {
  return std::all_of(picture.begin<cv::Vec4b>(), picture.end<cv::Vec4b>(), [](const cv::Vec4b& pixel) {
    return pixel[0] == pixel[1] && pixel[1] == pixel[2] && pixel[3] == 255;
  });
}

cv::Mat decoded_gif(GifFileType& gif) {
  if (::DGifSlurp(&gif) != GIF_OK || gif.ImageCount == 0) {
    return {};
  }
  const cv::Mat picture = first_frame(gif);
  if (picture.empty() || !is_grey(picture)) {
    return picture;
  }
  cv::Mat grey;
  cv::extractChannel(picture, grey, 0);
  return grey;
}

}  // namespace

bool is_gif(const std::string& bytes) { return bytes.starts_with("GIF8"); }

cv::Mat decode_gif(const std::string& bytes) {
  std::string_view rest = bytes;
  const auto close = [](GifFileType* gif) { ::DGifCloseFile(gif, nullptr); };
  const std::unique_ptr<GifFileType, decltype(close)> gif(::DGifOpen(&rest, take_bytes, nullptr), close);
  return gif ? decoded_gif(*gif) : cv::Mat();
}

}  // namespace autoencoder
