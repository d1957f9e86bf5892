#include "pictures/picture_folder.h"

#include <algorithm>
#include <cctype>

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <opencv2/imgproc.hpp>
#include <torch/types.h>

#include "common/error.h"
#include "pictures/decode.h"
#include "pictures/parallel.h"
#include "pictures/picture_files.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSmallestSide = 8;
constexpr int64_t kSuggestedSide = 64;

/// The shape of all examples, from the format and the first picture.
ImageShape shape_of_examples(const PictureFormat& format, const cv::Mat& first) {
  return {format.channels > 0 ? format.channels : first.channels(),
          format.size > 0 ? format.size : first.rows, format.size > 0 ? format.size : first.cols};
}

class PictureReader {
 public:
  PictureReader(const PictureFormat& format, const std::vector<fs::path>& paths)
      : format_(format),
        paths_(paths),
        shape_(shape_of_examples(format, decode_at_least_smallest(paths.front()))) {}

  const ImageShape& shape() const { return shape_; }

  /// Writes picture `index` as C x H x W bytes to `out`.
  void read(size_t index, uint8_t* out) const {
    cv::Mat picture = decode_at_least_smallest(paths_[index]);
    check_size(paths_[index], picture);
    picture = with_channels(scaled(picture));
    for (int channel = 0; channel < shape_.channels; ++channel) {
      cv::Mat plane(picture.size(), CV_8U, out + channel * shape_.height * shape_.width);
      cv::extractChannel(picture, plane, static_cast<int>(shape_.channels) - 1 - channel);  // B G R -> R G B
    }
  }

 private:
  static cv::Mat decode_at_least_smallest(const fs::path& path) {
    cv::Mat picture = decode_picture(path);
    if (picture.rows < kSmallestSide || picture.cols < kSmallestSide) {
      throw Error(fmt::format("{}: it is {} x {} pixels; pictures must be at least {} x {}, so remove it",
                              path.string(), picture.cols, picture.rows, kSmallestSide, kSmallestSide));
    }
    return picture;
  }

  void check_size(const fs::path& path, const cv::Mat& picture) const {
    if (format_.size > 0 || (picture.rows == shape_.height && picture.cols == shape_.width)) {
      return;
    }
    throw Error(
        fmt::format("{}: it is {} x {} pixels, but {} is {} x {}; scale them all with --image-size {}",
                    path.string(), picture.cols, picture.rows, paths_.front().string(), shape_.width,
                    shape_.height, std::min({kSuggestedSide, shape_.width, shape_.height})));
  }

  cv::Mat scaled(const cv::Mat& picture) const {
    const cv::Size size(static_cast<int>(shape_.width), static_cast<int>(shape_.height));
    if (picture.size() == size) {
      return picture;
    }
    const bool shrinks = picture.cols > size.width || picture.rows > size.height;
    cv::Mat result;
    cv::resize(picture, result, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
    return result;
  }

  cv::Mat with_channels(const cv::Mat& picture) const {
    if (picture.channels() == shape_.channels) {
      return picture;
    }
    cv::Mat result;
    cv::cvtColor(picture, result, shape_.channels == 1 ? cv::COLOR_BGR2GRAY : cv::COLOR_GRAY2BGR);
    return result;
  }

  const PictureFormat format_;
  const std::vector<fs::path>& paths_;
  const ImageShape shape_;
};

void check_format(const PictureFormat& format) {
  TORCH_CHECK(format.channels == 0 || format.channels == 1 || format.channels == 3,
              "pictures have 1 or 3 channels, not ", format.channels);
  if (format.size != 0 && format.size < kSmallestSide) {
    throw Error(fmt::format("image-size is {}; it must be at least {}, or 0 to keep the pictures' own",
                            format.size, kSmallestSide));
  }
}

torch::Tensor allocate(int64_t count, const ImageShape& shape) {
  try {
    return torch::empty({count, shape.channels, shape.height, shape.width}, torch::kUInt8);
  } catch (const c10::Error&) {
    throw Error(
        fmt::format("{} pictures of {} x {} pixels do not fit in memory; scale them with --image-size {}",
                    count, shape.width, shape.height, kSuggestedSide));
  }
}

/// The folder's own name, with nothing in it that a file name should not have.
std::string short_name(const fs::path& folder) {
  fs::path path = fs::absolute(folder).lexically_normal();
  if (!path.has_filename()) {
    path = path.parent_path();  // "faces/"
  }
  std::string name = path.filename().string();
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0 && letter != '_' && letter != '.') {
      letter = '-';
    }
  }
  return name.empty() ? "pictures" : name;
}

}  // namespace

torch::Tensor read_picture_files(const std::vector<fs::path>& paths, const PictureFormat& format) {
  check_format(format);
  const SilencedStderr silenced;
  const PictureReader reader(format, paths);
  torch::Tensor images = allocate(static_cast<int64_t>(paths.size()), reader.shape());
  auto* bytes = images.data_ptr<uint8_t>();
  for_each_index(paths.size(), [&](size_t index) {
    reader.read(index, bytes + static_cast<int64_t>(index) * reader.shape().size());
  });
  return images;
}

DataSource read_picture_folder(const fs::path& folder, const PictureFormat& format) {
  const PictureFiles files = list_pictures(folder);
  Dataset dataset;
  dataset.images = read_picture_files(files.paths, format);
  if (!files.labels.empty()) {
    dataset.labels = torch::tensor(files.labels, torch::kInt64);
    dataset.label_names = files.label_names;
  }
  for (const fs::path& path : files.paths) {
    dataset.files.push_back(path.string());
  }
  return {short_name(folder), dataset, {}};
}

}  // namespace autoencoder
