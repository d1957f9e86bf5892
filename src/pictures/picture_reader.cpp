#include "pictures/picture_reader.h"

#include <algorithm>
#include <atomic>
#include <memory>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>
#include <torch/types.h>

#include "common/error.h"
#include "common/mapped_file.h"
#include "common/text.h"
#include "data/examples.h"
#include "data/room.h"
#include "pictures/decode.h"
#include "pictures/parallel.h"
#include "pictures/picture_fit.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSmallestSide = 8;
constexpr int64_t kSuggestedSide = 64;

cv::Mat decode_at_least_smallest(const fs::path& path) {
  cv::Mat picture = decode_picture(path);
  if (picture.rows < kSmallestSide || picture.cols < kSmallestSide) {
    throw Error(fmt::format("{}: it is {} x {} pixels; pictures must be at least {} x {}, so remove it",
                            path.string(), picture.cols, picture.rows, kSmallestSide, kSmallestSide));
  }
  return picture;
}

cv::Mat with_channels(const cv::Mat& picture, int64_t channels) {
  if (picture.channels() == channels) {
    return picture;
  }
  cv::Mat result;
  cv::cvtColor(picture, result, channels == 1 ? cv::COLOR_BGR2GRAY : cv::COLOR_GRAY2BGR);
  return result;
}

// 0 to 1 of whole numbers; others as they are.
cv::Mat as_numbers(const cv::Mat& picture) {
  cv::Mat numbers;
  picture.convertTo(numbers, CV_32F, 1 / white_of(picture));
  return numbers;
}

// Writes the picture as C x H x W; `out` has its type.
void write_planes(const cv::Mat& picture, void* out) {
  const size_t plane_bytes = picture.total() * picture.elemSize1();
  for (int channel = 0; channel < picture.channels(); ++channel) {
    cv::Mat plane(picture.size(), picture.depth(), static_cast<char*>(out) + channel * plane_bytes);
    cv::extractChannel(picture, plane, picture.channels() - 1 - channel);  // B G R -> R G B
  }
}

double brightest_of(const torch::Tensor& images) {
  const int64_t at_once = examples_in_pass({images.size(1), images.size(2), images.size(3)});
  double brightest = 0;
  for (const torch::Tensor& some : images.split(at_once)) {
    brightest = std::max(brightest, to_unit_range(some.max().view({1})).item<double>());
    forget_mapped(some.const_data_ptr(), some.nbytes());
  }
  return brightest;
}

// What a set of pictures has: each thing as soon as one of them has it.
struct Contents {
  std::atomic<bool> colour = false;
  std::atomic<bool> depth = false;   // more than 8 bits
  std::atomic<bool> floats = false;  // numbers without a range of their own
  std::atomic<int64_t> grey_pictures = 0;
};

class PictureReader {
 public:
  PictureReader(const std::vector<fs::path>& paths, const PictureFormat& format)
      : paths_(paths), format_(format), sizes_(paths.size()) {
    const cv::Mat first = decode_at_least_smallest(paths.front());
    look_at(first);
    size_ = format.height > 0 ? cv::Size(static_cast<int>(format.width), static_cast<int>(format.height))
                              : first.size();
  }

  /// Reads all as the first pictures are and, where a later one has colours or depth that these have not, all
  /// again.
  ReadPictures read() {
    do {
      make_room();
      contents_.grey_pictures = 0;
      for_each_index(paths_.size(), [&](size_t index) { read_one(index); });
    } while (needs_another_room());
    return {images_, sizes_, notes()};
  }

 private:
  int64_t channels() const { return format_.channels > 0 ? format_.channels : contents_.colour ? 3 : 1; }
  torch::ScalarType type() const { return contents_.depth ? torch::kFloat32 : torch::kUInt8; }
  bool needs_another_room() const { return channels() != images_.size(1) || type() != images_.scalar_type(); }

  void look_at(const cv::Mat& picture) {
    if (picture.channels() > 1) {
      contents_.colour = true;
    } else {
      ++contents_.grey_pictures;
    }
    if (picture.depth() != CV_8U) {
      contents_.depth = true;
    }
    if (picture.depth() == CV_32F) {
      contents_.floats = true;
    }
  }

  void make_room() {
    const auto count = static_cast<int64_t>(paths_.size());
    try {
      images_ = room_for({count, channels(), size_.height, size_.width}, type());
      in_use_ = std::make_unique<RoomInUse>(images_);
    } catch (const c10::Error&) {
      throw too_large(count, "");
    } catch (const Error& failure) {
      throw too_large(count, fmt::format(" ({})", failure.what()));
    }
  }

  Error too_large(int64_t count, const std::string& reason) const {
    return Error(
        fmt::format("{} pictures of {} x {} pixels do not fit in memory; scale them with --image-size {}{}",
                    count, size_.width, size_.height, kSuggestedSide, reason));
  }

  void read_one(size_t index) {
    const cv::Mat picture = decode_at_least_smallest(paths_[index]);
    look_at(picture);
    sizes_[index] = picture.size();
    check_size(index);
    if (needs_another_room()) {
      return;
    }
    // Another thread may meet a richer picture from here on; what there is room for stays.
    const cv::Mat fitted = with_channels(fitted_picture(picture, size_, format_.fit), images_.size(1));
    const torch::Tensor place = images_[static_cast<int64_t>(index)];
    write_planes(place.scalar_type() == torch::kFloat32 ? as_numbers(fitted) : fitted,
                 place.mutable_data_ptr());
    in_use_->wrote(place.nbytes());
  }

  void check_size(size_t index) const {
    const cv::Size& found = sizes_[index];
    if (format_.height > 0 || found == size_) {
      return;
    }
    throw Error(
        fmt::format("{}: it is {} x {} pixels, but {} is {} x {}; scale them all with --image-size {} "
                    "and, so that they keep their proportions, --fit crop or --fit pad",
                    paths_[index].string(), found.width, found.height, paths_.front().string(), size_.width,
                    size_.height, std::min<int64_t>({kSuggestedSide, size_.width, size_.height})));
  }

  std::vector<std::string> notes() const {
    constexpr double kLittle = 0.25;
    std::vector<std::string> notes;
    const int64_t grey = contents_.grey_pictures;
    if (format_.channels == 0 && contents_.colour && grey > 0) {
      notes.push_back(
          fmt::format("grey pictures: {} of {}; read as RGB, as the others are (--image-channels 1 reads all "
                      "as grey)",
                      with_thousands(grey), with_thousands(std::ssize(paths_))));
    }
    const double brightest = contents_.floats ? 1 : brightest_of(images_);
    if (brightest < kLittle) {
      notes.push_back(
          fmt::format("the pictures' numbers go up to {:.3g} only, of 1 (12 bits in files of 16?); "
                      "--scale minmax spreads them over the whole range",
                      brightest));
    }
    return notes;
  }

  const std::vector<fs::path>& paths_;
  const PictureFormat format_;
  Contents contents_;
  cv::Size size_;  // of the examples
  std::vector<cv::Size> sizes_;
  torch::Tensor images_;
  std::unique_ptr<RoomInUse> in_use_;
};

void check_format(const PictureFormat& format) {
  TORCH_CHECK(format.channels == 0 || format.channels == 1 || format.channels == 3,
              "pictures have 1 or 3 channels, not ", format.channels);
  const int64_t smaller = std::min(format.height, format.width);
  if (std::max(format.height, format.width) != 0 && smaller < kSmallestSide) {
    throw Error(fmt::format("image-size is {}; it must be at least {}, or 0 to keep the pictures' own",
                            smaller, kSmallestSide));
  }
}

// All pixels that are not 0, as 255.
cv::Mat read_mask(const fs::path& path, cv::Size picture) {
  const cv::Mat mask = with_channels(decode_picture(path), 1);
  if (mask.size() != picture) {
    throw Error(fmt::format("{}: this mask is {} x {} pixels, but its picture {} x {}; make them alike",
                            path.string(), mask.cols, mask.rows, picture.width, picture.height));
  }
  return mask != 0;
}

}  // namespace

ReadPictures read_pictures(const std::vector<fs::path>& paths, const PictureFormat& format) {
  check_format(format);
  const SilencedStderr silenced;
  return PictureReader(paths, format).read();
}

torch::Tensor read_picture_bytes(const std::string& bytes, const std::string& name,
                                 const PictureFormat& format) {
  const cv::Size size(static_cast<int>(format.width), static_cast<int>(format.height));
  const cv::Mat picture = decode_picture_bytes(bytes, name);
  const cv::Mat fitted =
      with_channels(fitted_picture(picture, size, format.fit),
                    format.channels > 0 ? format.channels : static_cast<int64_t>(picture.channels()));
  const bool is_deep = fitted.depth() != CV_8U;
  const torch::Tensor image =
      torch::empty({fitted.channels(), size.height, size.width}, is_deep ? torch::kFloat32 : torch::kUInt8);
  write_planes(is_deep ? as_numbers(fitted) : fitted, image.mutable_data_ptr());
  return image;
}

torch::Tensor read_masks(const std::vector<fs::path>& paths, const std::vector<cv::Size>& sizes,
                         cv::Size size, PictureFit fit) {
  const SilencedStderr silenced;
  torch::Tensor masks =
      torch::zeros({static_cast<int64_t>(paths.size()), 1, size.height, size.width}, torch::kUInt8);
  for_each_index(paths.size(), [&](size_t index) {
    if (!paths[index].empty()) {
      const torch::Tensor place = masks[static_cast<int64_t>(index)];
      write_planes(fitted_mask(read_mask(paths[index], sizes[index]), size, fit), place.mutable_data_ptr());
    }
  });
  return masks;
}

}  // namespace autoencoder
