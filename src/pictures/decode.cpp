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

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr int kStderr = 2;

Error unreadable(const fs::path& path, const std::string& why) {
  return Error(fmt::format("{}: cannot be read as a picture: {}; remove it, or save it again as PNG",
                           path.string(), why));
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
    return cv::imdecode(raw, flags);
  } catch (const std::exception&) {  // cv::Exception on impossible sizes, std::bad_alloc on very large ones
    return {};
  }
}

cv::Mat with_eight_bits(const cv::Mat& picture, const fs::path& path) {
  if (picture.depth() == CV_8U) {
    return picture;
  }
  if (picture.depth() != CV_16U) {
    throw Error(fmt::format(
        "{}: its pixels are signed or floating-point numbers; save it with 8 or 16 bits a channel",
        path.string()));
  }
  cv::Mat bytes;
  picture.convertTo(bytes, CV_8U, 255.0 / 65535.0);
  return bytes;
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
  cv::multiply(colours, alpha, colours, 1.0 / 255);
  cv::Mat white;
  cv::bitwise_not(alpha, white);
  return colours + white;
}

}  // namespace

cv::Mat decode_picture(const fs::path& path) {
  std::error_code unknown;
  if (!fs::is_regular_file(path, unknown)) {
    throw unreadable(path, "it is no file");
  }
  const std::string bytes = read_file(path);
  if (bytes.empty()) {
    throw unreadable(path, "it is empty");
  }
  if (is_jpeg(bytes) && !is_whole_jpeg(bytes)) {
    throw unreadable(path, "it is cut short");
  }
  const cv::Mat picture = decode(bytes);
  if (picture.empty()) {
    throw unreadable(path, "it is damaged, or of a kind that OpenCV does not know");
  }
  cv::Mat eight_bits = with_eight_bits(picture, path);
  if (eight_bits.channels() == 4) {
    return over_white(eight_bits);
  }
  if (eight_bits.channels() != 1 && eight_bits.channels() != 3) {
    throw Error(
        fmt::format("{}: it has {} channels; save it as grey or RGB", path.string(), eight_bits.channels()));
  }
  return eight_bits;
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
