#include "commands/data_options.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/idx.h"
#include "pictures/picture_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string>& named_sources() {
  static const std::vector<std::string> kNames = {"mnist", "fashion-mnist"};
  return kNames;
}

bool is_named(const std::string& data) {
  return std::find(named_sources().begin(), named_sources().end(), data) != named_sources().end();
}

}  // namespace

void SourceOptions::visit(OptionVisitor& visitor) {
  visitor.group("Data");
  visitor.option("data", data, "mnist, fashion-mnist, or a folder of IDX files or of pictures");
  visitor.option("data-dir", data_dir, "folder of mnist or fashion-mnist, or the one above it");
  visitor.option("image-size", image_size, "height and width to scale pictures to; 0: as they are",
                 at_least(0));
  visitor.option("image-channels", image_channels, "1 (grey) or 3 (RGB) for pictures; 0: as the first is",
                 {.min = 0, .max = 3, .choices = {}});
}

void TrainingDataOptions::visit(OptionVisitor& visitor) {
  source.visit(visitor);
  visitor.option("validation-fraction", validation_fraction, "share of the training data held out; 0: none",
                 fraction());
  visitor.option("test-fraction", test_fraction, "share set apart for tests where the data has no test split",
                 fraction());
  visitor.option("limit", limit, "use only so many training examples, chosen at random; 0: all", at_least(0));
}

DataSource open_source(const SourceOptions& options) {
  if (options.image_channels == 2) {
    throw Error("image-channels is 2; it must be 1 (grey), 3 (RGB) or 0 (as the first picture is)");
  }
  if (is_named(options.data)) {
    return read_named_source(options.data, options.data_dir);
  }
  const fs::path folder = options.data;
  if (!fs::exists(folder)) {
    throw Error(fmt::format("{}: no such data; give a folder of IDX files or pictures, or one of {}{}",
                            options.data, join(named_sources()),
                            did_you_mean(options.data, named_sources())));
  }
  if (!fs::is_directory(folder)) {
    throw Error(
        fmt::format("{}: not a folder; give the folder that holds the IDX files or pictures", options.data));
  }
  if (has_idx_files(folder)) {
    return read_idx_folder(folder);
  }
  if (!has_pictures(folder)) {
    throw Error(fmt::format(
        "{}: holds neither IDX files (train-images-idx3-ubyte, plain or .gz) nor pictures", options.data));
  }
  return read_picture_folder(folder, {options.image_size, options.image_channels});
}

SourceOptions located(const SourceOptions& options) {
  SourceOptions found = options;
  if (!is_named(options.data)) {
    found.data = fs::absolute(options.data).lexically_normal().string();
    return found;
  }
  const auto folders = named_data_folders(options.data, options.data_dir);
  const auto folder = std::find_if(folders.begin(), folders.end(), has_idx_files);
  if (folder != folders.end()) {
    found.data_dir = fs::absolute(*folder).lexically_normal().string();
  }
  return found;
}

}  // namespace autoencoder
