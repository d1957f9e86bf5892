#include "pictures/picture_folder.h"

#include <torch/types.h>

#include "common/text.h"
#include "pictures/picture_layout.h"
#include "pictures/picture_reader.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

/// The folder's own name, with nothing in it that a file name should not have.
std::string short_name(const fs::path& folder) {
  fs::path path = fs::absolute(folder).lexically_normal();
  if (!path.has_filename()) {
    path = path.parent_path();  // "faces/"
  }
  const std::string name = as_file_name(path.filename().string());
  return name.empty() ? "pictures" : name;
}

std::vector<fs::path> joined(std::vector<fs::path> first, const std::vector<fs::path>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// `files` and those after them, in the order of the pictures.
PictureFiles joined(const PictureFiles& files, const PictureFiles& after) {
  PictureFiles both = files;
  both.paths = joined(files.paths, after.paths);
  const bool are_labelled =
      files.labels.size() == files.paths.size() && after.labels.size() == after.paths.size();
  both.labels.insert(both.labels.end(), after.labels.begin(), after.labels.end());
  if (!are_labelled) {
    both.labels.clear();
  }
  both.passed_over = joined(files.passed_over, after.passed_over);
  return both;
}

Dataset dataset_of(const PictureFiles& files, const torch::Tensor& images) {
  Dataset dataset;
  if (!files.paths.empty()) {
    dataset.images = images;
  }
  if (!files.labels.empty()) {
    dataset.labels = torch::tensor(files.labels, torch::kInt64);
    dataset.label_names = files.label_names;
  }
  for (const fs::path& path : files.paths) {
    dataset.files.push_back(path.string());
  }
  return dataset;
}

void add_masks(DataSource& source, const PictureLayout& layout, const std::vector<cv::Size>& sizes,
               PictureFit fit) {
  const ImageShape shape = source.train.shape();
  const auto first_of_test = sizes.end() - std::ssize(layout.test.paths);
  const cv::Size size(static_cast<int>(shape.width), static_cast<int>(shape.height));
  source.test.masks = read_masks(layout.test_masks, {first_of_test, sizes.end()}, size, fit);
  // One pixel stands for all: what is learned from has no defects.
  source.train.masks =
      torch::zeros({1, 1, 1, 1}, torch::kUInt8).expand({source.train.size(), 1, shape.height, shape.width});
}

}  // namespace

torch::Tensor read_picture_files(const std::vector<fs::path>& paths, const PictureFormat& format) {
  return read_pictures(paths, format).images;
}

DataSource read_picture_list(const std::string& name, const std::vector<fs::path>& paths,
                             const PictureFormat& format) {
  const ReadPictures read = read_pictures(paths, format);
  return {
      .name = as_file_name(name),
      .train = dataset_of({.paths = paths, .labels = {}, .label_names = {}, .passed_over = {}}, read.images),
      .test = {},
      .notes = read.notes};
}

DataSource read_picture_folder(const fs::path& folder, const PictureFormat& format) {
  const PictureLayout layout = layout_of(folder);
  const PictureFiles train = joined(layout.train, layout.validation);
  const ReadPictures read = read_pictures(joined(train.paths, layout.test.paths), format);
  const auto learned = std::ssize(layout.train.paths);
  const auto tested = std::ssize(layout.test.paths);
  const int64_t all = read.images.size(0);
  DataSource source = {.name = short_name(folder),
                       .train = dataset_of(train, read.images.slice(0, 0, all - tested)),
                       .test = dataset_of(layout.test, read.images.slice(0, all - tested)),
                       .notes = read.notes};
  if (!layout.validation.paths.empty()) {
    source.validation = torch::arange(learned, all - tested);
  }
  if (layout.has_masks) {
    add_masks(source, layout, read.sizes, format.fit);
  }
  const std::string passed_over = passed_over_text(joined(train.passed_over, layout.test.passed_over));
  if (!passed_over.empty()) {
    source.notes.push_back("passed over: " + passed_over);
  }
  return source;
}

}  // namespace autoencoder
