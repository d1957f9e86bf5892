#include "tasks/detection_maps.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "data/formats/npy.h"
#include "pictures/encode.h"
#include "pictures/overlay.h"
#include "pictures/pictures.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

bool lies_in(const fs::path& folder, const fs::path& file) {
  return !folder.empty() && !file.lexically_relative(folder).string().starts_with("..");
}

// The deepest folder that all of the files lie in; empty where they share none.
fs::path shared_folder(const std::vector<std::string>& files) {
  fs::path shared = fs::path(files.front()).parent_path();
  for (const std::string& file : files) {
    while (!shared.empty() && !lies_in(shared, file)) {
      shared = shared == shared.parent_path() ? fs::path() : shared.parent_path();
    }
  }
  return shared;
}

// What each example's map is called, without an ending.
std::function<fs::path(int64_t)> names_of(const Dataset& data) {
  if (data.files.empty()) {
    return [](int64_t position) { return fs::path(fmt::format("{:06}", position)); };
  }
  const fs::path shared = shared_folder(data.files);
  return [&data, shared](int64_t position) {
    const fs::path file = data.files[static_cast<size_t>(position)];
    return (shared.empty() ? file.filename() : file.lexically_relative(shared)).replace_extension();
  };
}

double largest_value(const OpenRun& run, const Detection& detection) {
  double largest = 0;
  for_each_map(run.model(), detection.data.examples, detection.detector.map, [&](const MappedPictures& some) {
    largest = std::max(largest, some.maps.amax().item<double>());
  });
  return largest;
}

// Maps over their pictures.
torch::Tensor drawn_maps(const Dataset& data, const MappedPictures& some, double brightest) {
  const torch::Tensor drawn = heat_over(some.pictures, some.maps / brightest);
  const int64_t end = some.first + some.maps.size(0);
  return data.masks.defined() ? outlined(drawn, data.masks.range(some.first, end)) : drawn;
}

}  // namespace

void write_maps(const OpenRun& run, const Detection& detection, const fs::path& folder, Progress& progress) {
  if (!run.model().input_shape().is_image()) {
    throw Error("--maps is for pictures, and this model takes vectors; leave it out");
  }
  const Dataset& data = detection.data.examples;
  const auto name_of_map = names_of(data);
  const double brightest = detection.brightest(largest_value(run, detection));
  progress.begin("writing maps", data.size());
  for_each_map(run.model(), data, detection.detector.map, [&](const MappedPictures& some) {
    const torch::Tensor drawn = pictures_available() ? drawn_maps(data, some, brightest) : torch::Tensor();
    for (int64_t i = 0; i < some.maps.size(0); ++i) {
      const std::string path = (folder / name_of_map(some.first + i)).string();
      write_npy(path + ".npy", some.maps[i][0]);
      if (drawn.defined()) {
        write_picture(path + ".png", drawn[i]);
      }
    }
    progress.advance(some.maps.size(0));
  });
}

}  // namespace autoencoder
