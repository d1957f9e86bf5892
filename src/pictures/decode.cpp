#include "pictures/decode.h"

#include <cstdio>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "pictures/gif.h"
#include "pictures/picture_header.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr int kStderr = 2;

Error unreadable(const std::string& name, const std::string& why) {
  return Error(
      fmt::format("{}: cannot be read as a picture: {}; remove it, or save it again as PNG", name, why));
}

bool is_jpeg(const std::string& bytes) { return bytes.starts_with("\xFF\xD8\xFF"); }

/// Whether the JPEG's end marker comes after the start of its last scan: the decoder fills up what is missing
/// in grey and says nothing.
bool is_whole_jpeg(const std::string& bytes) {
  const size_t scan = bytes.rfind("\xFF\xDA");
  return scan != std::string::npos && bytes.find("\xFF\xD9", scan) != std::string::npos;
}

cv::Mat decode(const std::string& bytes) {
  // IMREAD_UNCHANGED alone gives transparency, and alone leaves the EXIF orientation out; JPEG has only the
  // latter.
  const int flags = is_jpeg(bytes) ? cv::IMREAD_ANYCOLOR | cv::IMREAD_ANYDEPTH : cv::IMREAD_UNCHANGED;
  const cv::Mat raw(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
  try {
    return is_gif(bytes) ? decode_gif(bytes) : cv::imdecode(raw, flags);
  } catch (const std::exception&) {  // cv::Exception on impossible sizes, std::bad_alloc on very large ones
    return {};
  }
}

void check_size(const std::string& name, const std::string& bytes) {
  const auto size = announced_size(bytes);
  if (size && size->pixels() > static_cast<double>(kMostPixels)) {
    throw Error(
        fmt::format("{}: its header says {:.0f} x {:.0f} pixels, more than the {} that can be read; scale it "
                    "down, or cut "
                    "it into smaller pictures",
                    name, size->width, size->height, with_thousands(kMostPixels)));
  }
}

// 8 and 16 bits stay; all other numbers become float32, as they are.
cv::Mat with_known_type(const cv::Mat& picture) {
  if (picture.depth() == CV_8U || picture.depth() == CV_16U) {
    return picture;
  }
  cv::Mat numbers;
  picture.convertTo(numbers, CV_32F);
  return numbers;
}

void check_finite(const std::string& name, const cv::Mat& picture) {
  cv::Point place;
  if (picture.depth() == CV_32F && !cv::checkRange(picture.reshape(1), /*quiet=*/true, &place)) {
    throw Error(
        fmt::format("{}: its pixel at column {}, row {} is {:g}; every number must be finite, so replace it",
                    name, place.x / picture.channels(), place.y, picture.reshape(1).at<float>(place)));
  }
}

cv::Mat over_white(const cv::Mat& picture) {
  cv::Mat colours;
  cv::Mat alpha;
  cv::cvtColor(picture, colours, cv::COLOR_BGRA2BGR);
  cv::extractChannel(picture, alpha, 3);
  if (cv::countNonZero(alpha) == 0) {
    return colours;  // some programs leave an unused fourth channel at 0; a picture of nothing serves nobody
  }
  cv::cvtColor(alpha, alpha, cv::COLOR_GRAY2BGR);
  const double white = white_of(picture);
  cv::multiply(colours, alpha, colours, 1 / white);
  cv::Mat rest;
  cv::subtract(cv::Scalar::all(white), alpha, rest);
  return colours + rest;
}

}  // namespace

double white_of(const cv::Mat& picture) {
  return picture.depth() == CV_8U ? 255 : picture.depth() == CV_16U ? 65535 : 1;
}

cv::Mat decode_picture(const fs::path& path) {
  std::error_code unknown;
  if (!fs::is_regular_file(path, unknown)) {
    throw unreadable(path.string(), "it is no file");
  }
  return decode_picture_bytes(read_file(path), path.string());
}

cv::Mat decode_picture_bytes(const std::string& bytes, const std::string& name) {
  if (bytes.empty()) {
    throw unreadable(name, "it is empty");
  }
  if (is_jpeg(bytes) && !is_whole_jpeg(bytes)) {
    throw unreadable(name, "it is cut short");
  }
  check_size(name, bytes);
  const cv::Mat picture = with_known_type(decode(bytes));
  if (picture.empty()) {
    throw unreadable(name, "it is damaged, or of a kind that OpenCV does not know");
  }
  check_finite(name, picture);
  if (picture.channels() == 4) {
    return over_white(picture);
  }
  if (picture.channels() != 1 && picture.channels() != 3) {
    throw Error(fmt::format("{}: it has {} channels; save it as grey or RGB", name, picture.channels()));
  }
  return picture;
}

SilencedStderr::SilencedStderr() {
  std::fflush(stderr);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) {
    return;
  }
  saved_ = ::fcntl(kStderr, F_DUPFD_CLOEXEC, 3);
  if (saved_ >= 0) {
    ::dup2(nowhere, kStderr);
  }
  ::close(nowhere);
}

SilencedStderr::~SilencedStderr() {
  if (saved_ < 0) {
    return;
  }
  std::fflush(stderr);
  ::dup2(saved_, kStderr);
  ::close(saved_);
}

}  // namespace autoencoder
