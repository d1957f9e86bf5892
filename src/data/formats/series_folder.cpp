// A folder of series: each file of numbers in it is one.

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "data/data_format.h"
#include "data/formats/npy_source.h"
#include "data/windows.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kNotes = {".md", ".json"};  // what tells of series and is none

bool is_note(const fs::path& file) {
  return file.filename().string().starts_with('.') ||
         std::ranges::count(kNotes, file.extension().string()) > 0;
}

// Labels lie beside their series (data/formats/npy_source.h), and are none themselves.
bool holds_labels(const fs::path& file) { return file.stem().extension() == ".labels"; }

std::optional<DataFormat> format_of_series(const fs::path& file) {
  auto format = format_of(file.string());
  return format && format->place == DataPlace::kFile && format->has_rows ? format : std::nullopt;
}

// Sorted, so that the same folder is the same data on every machine.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (!is_note(entry.path())) {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

// Where all that is in a folder are files of numbers: any other one may be of pictures.
bool is_folder_of_series(const std::string& data) {
  std::error_code unknown;
  if (!fs::is_directory(data, unknown)) {
    return false;
  }
  const std::vector<fs::path> files = files_in(data);
  return !files.empty() && std::ranges::all_of(files, [](const fs::path& file) {
    return fs::is_regular_file(file) && format_of_series(file);
  });
}

DataSource open_folder(const SourceOptions& source) {
  const auto windows = source.own<WindowOptions>();
  const fs::path folder = fs::path(source.data).lexically_normal();
  if (windows.window == 0) {
    throw Error(fmt::format(
        "{}: a folder of files of numbers is one of series; say how many steps make an example, such as "
        "--window 64",
        source.data));
  }
  std::vector<DataSource> files;
  for (const fs::path& file : files_in(folder)) {
    if (!holds_labels(file)) {
      SourceOptions own = source;
      own.data = file.string();
      files.push_back(format_of_series(file)->open(own));
    }
  }
  const std::string name =
      folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string();
  return windowed(name, files, windows);
}

// What tables have to say of their columns counts for all files in the folder.
const DataFormatRegistration folder_format({.place = DataPlace::kFolder,
                                            .name = "series-folder",
                                            .words = {"a folder of series (files of numbers)"},
                                            .claims = is_folder_of_series,
                                            .open = open_folder,
                                            .has_rows = true,
                                            .holds_files = true});

}  // namespace
}  // namespace autoencoder
