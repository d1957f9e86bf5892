// One picture file -> its pixels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <opencv2/core.hpp>

namespace autoencoder {

/// The picture's pixels, grey or B G R, turned as its EXIF orientation says: 8 or 16 bits, or float32, as
/// they are, in a file of signed or floating-point numbers. What is transparent shows white; of a GIF it is
/// the first frame. Throws Error, naming the file, where it is no whole picture, has more pixels than
/// kMostPixels, by its header, or a number that is not finite. Safe to call from several threads. The
/// libraries that decode may write to stderr: see SilencedStderr.
cv::Mat decode_picture(const std::filesystem::path& path);

/// Likewise of a file's bytes, which errors call `name`.
cv::Mat decode_picture_bytes(const std::string& bytes, const std::string& name);

/// The number that stands for white in pictures of its type: 255, 65535, or 1 of float32.
double white_of(const cv::Mat& picture);

inline constexpr int64_t kMostPixels = int64_t{1} << 30;  ///< of one picture: OpenCV's own bound

/// While it lives, nothing that is written to stderr is seen: libpng, libjpeg and OpenCV print there what
/// they think of a file, and cannot all be told not to. One at a time.
class SilencedStderr {
 public:
  SilencedStderr();
  ~SilencedStderr();
  SilencedStderr(const SilencedStderr&) = delete;
  SilencedStderr& operator=(const SilencedStderr&) = delete;

 private:
  int saved_ = -1;
};

}  // namespace autoencoder
