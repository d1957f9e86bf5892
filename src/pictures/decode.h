// One picture file -> its pixels.
#pragma once

#include <filesystem>

#include <opencv2/core.hpp>

namespace autoencoder {

/// The picture's pixels, 8 bits, grey or B G R, turned as its EXIF orientation says. 16 bits are scaled to 8;
/// what is transparent shows white. Throws Error, naming the file, where it is no whole picture or its pixels
/// are of another type. Safe to call from several threads. The libraries that decode may write to stderr: see
/// SilencedStderr.
cv::Mat decode_picture(const std::filesystem::path& path);

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
