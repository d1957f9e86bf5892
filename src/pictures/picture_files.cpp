#include "pictures/picture_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include <fmt/format.h>

#include "common/error.h"
#include "pictures/picture_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 11> kEndings = {".png", ".jpg", ".jpeg", ".bmp",  ".pgm", ".ppm",
                                                       ".pbm", ".pnm", ".tif",  ".tiff", ".webp"};

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

bool is_picture(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

struct Entries {
  std::vector<fs::path> pictures;
  std::vector<fs::path> folders;
};

/// What lies in the folder itself, sorted by name.
Entries entries_of(const fs::path& folder) {
  Entries entries;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    std::error_code unknown;
    if (is_hidden(entry->path())) {
      continue;
    }
    if (entry->is_directory(unknown)) {
      entries.folders.push_back(entry->path());
    } else if (is_picture(entry->path())) {
      entries.pictures.push_back(entry->path());
    }
  }
  if (code) {
    throw Error(fmt::format("{}: cannot list this folder: {}", folder.string(), code.message()));
  }
  std::sort(entries.pictures.begin(), entries.pictures.end());
  std::sort(entries.folders.begin(), entries.folders.end());
  return entries;
}

/// Pictures of the sub-folders, which become their labels.
PictureFiles labelled_pictures(const std::vector<fs::path>& folders) {
  PictureFiles files;
  for (const fs::path& folder : folders) {
    const std::vector<fs::path> pictures = entries_of(folder).pictures;
    if (pictures.empty()) {
      continue;
    }
    files.paths.insert(files.paths.end(), pictures.begin(), pictures.end());
    files.labels.insert(files.labels.end(), pictures.size(), static_cast<int64_t>(files.label_names.size()));
    files.label_names.push_back(folder.filename().string());
  }
  return files;
}

}  // namespace

bool has_pictures(const fs::path& folder) {
  std::error_code unknown;
  if (!fs::is_directory(folder, unknown)) {
    return false;
  }
  const Entries entries = entries_of(folder);
  return !entries.pictures.empty() || !labelled_pictures(entries.folders).paths.empty();
}

PictureFiles list_pictures(const fs::path& folder) {
  std::error_code unknown;
  if (!fs::is_directory(folder, unknown)) {
    throw Error(fmt::format("{}: no such folder; give the folder that holds the pictures", folder.string()));
  }
  const Entries entries = entries_of(folder);
  PictureFiles labelled = labelled_pictures(entries.folders);
  if (entries.pictures.empty() && labelled.paths.empty()) {
    throw Error(fmt::format(
        "{}: no pictures in it or in its sub-folders (PNG, JPEG, BMP, PGM, PPM, TIFF or WebP files)",
        folder.string()));
  }
  if (labelled.paths.empty()) {
    return {entries.pictures, {}, {}};
  }
  if (!entries.pictures.empty()) {
    throw Error(fmt::format(
        "{}: pictures both in it ({}) and in its sub-folders ({}); put them all in sub-folders, which "
        "become their labels, or none",
        folder.string(), entries.pictures.front().filename().string(),
        labelled.paths.front().lexically_relative(folder).string()));
  }
  return labelled;
}

fs::path numbered_picture(const fs::path& folder, int64_t number) {
  return folder / fmt::format("{:06}.png", number);
}

}  // namespace autoencoder
