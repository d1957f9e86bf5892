// Pictures as data: a folder, files, a list of files.

#include <algorithm>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/data_format.h"
#include "pictures/picture_files.h"
#include "pictures/picture_folder.h"
#include "pictures/picture_layout.h"
#include "pictures/picture_paths.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

struct PictureOptions : Options {
  std::string image_size = "0";
  PictureFit fit = PictureFit::kStretch;
  int64_t image_channels = 0;

  void visit(OptionVisitor& visitor) override {
    visitor.option("image-size", image_size,
                   "height and width to scale pictures to, as 128 or 96x160; 0: as they are");
    visitor.choice("fit", fit,
                   "how pictures of other proportions get that size: stretch, crop (the middle) or pad (the "
                   "edges go on)",
                   picture_fits());
    visitor.option("image-channels", image_channels,
                   "1 (grey) or 3 (RGB) for pictures; 0: RGB where one of them is in colour", between(0, 3));
  }
};

int64_t side_from(const std::string& text, const std::string& size) {
  constexpr int64_t kLongestSide = 32'000;
  const auto side = number_from<int64_t>(text);
  if (!side || *side < 0 || *side > kLongestSide) {
    throw Error(
        fmt::format("image-size is {}; it must be a side such as 128, or height and width such as "
                    "96x160, of at most {} pixels",
                    size, kLongestSide));
  }
  return *side;
}

PictureFormat format_from(const PictureOptions& options) {
  const std::string& size = options.image_size;
  const size_t cross = size.find('x');
  PictureFormat format = {.height = side_from(size.substr(0, cross), size),
                          .width = 0,
                          .channels = options.image_channels,
                          .fit = options.fit};
  format.width = cross == std::string::npos ? format.height : side_from(size.substr(cross + 1), size);
  if (format.channels == 2) {
    throw Error("image-channels is 2; it must be 1 (grey), 3 (RGB) or 0 (RGB where one is in colour)");
  }
  if (format.height == 0 && format.fit != PictureFit::kStretch) {
    throw Error(fmt::format("fit is {}, but pictures stay as they are; give their --image-size, too",
                            name_of(picture_fits(), format.fit)));
  }
  return format;
}

bool is_of_pictures(const std::string& word) {
  return is_picture_list(word) || is_picture(word) || has_picture_layout(word);
}

bool are_pictures(const std::string& data) {
  const std::vector<std::string> words = picture_words(data);
  return !words.empty() && std::ranges::all_of(words, is_of_pictures);
}

std::string list_name(const std::vector<std::string>& words) {
  return words.size() > 1 ? "pictures" : fs::path(words.front()).stem().string();
}

DataSource open_pictures(const SourceOptions& source) {
  const PictureFormat format = format_from(source.own<PictureOptions>());
  if (has_picture_layout(source.data)) {
    return read_picture_folder(source.data, format);
  }
  const std::vector<std::string> words = picture_words(source.data);
  return read_picture_list(list_name(words), named_pictures(words), format);
}

SourceOptions locate_pictures(const SourceOptions& source) {
  std::vector<std::string> words = picture_words(source.data);
  std::ranges::transform(words, words.begin(), absolute_word);
  SourceOptions found = source;
  found.data = join(words, ",");
  return found;
}

const DataFormatRegistration picture_format({.place = DataPlace::kPictures,
                                             .name = "pictures",
                                             .words = {"a folder of pictures",
                                                       "pictures with commas between them",
                                                       "@FILE with the path of one a line"},
                                             .claims = are_pictures,
                                             .make_options = new_options<PictureOptions>,
                                             .open = open_pictures,
                                             .locate = locate_pictures});

}  // namespace

Choices<PictureFit> picture_fits() {
  return {{"stretch", PictureFit::kStretch}, {"crop", PictureFit::kCrop}, {"pad", PictureFit::kPad}};
}

}  // namespace autoencoder
