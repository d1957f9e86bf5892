#include "data/formats/npy_source.h"

#include <optional>

#include "data/data_format.h"
#include "data/formats/array_source.h"
#include "data/formats/npy.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> labels_beside(const fs::path& path) {
  for (const fs::path& place : {npy_labels_path(path), path.parent_path() / "labels.npy"}) {
    if (fs::is_regular_file(place)) {
      return place;
    }
  }
  return std::nullopt;
}

}  // namespace

fs::path npy_labels_path(const fs::path& path) { return fs::path(path).replace_extension(".labels.npy"); }

DataSource read_npy_source(const fs::path& path) {
  DataSource source = source_of_array(path.string(), path.stem().string(), read_npy(path));
  const auto labels = labels_beside(path);
  if (labels && !fs::equivalent(*labels, path)) {
    source.train.labels = labels_of_array(labels->string(), read_npy(*labels), source.train.size());
  }
  return source;
}

namespace {

const DataFormatRegistration npy_format(
    {.place = DataPlace::kFile,
     .name = "npy",
     .words = {".npy"},
     .open = [](const SourceOptions& source) { return read_npy_source(source.data); },
     .has_rows = true});

}  // namespace
}  // namespace autoencoder
