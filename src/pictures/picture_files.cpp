#include "pictures/picture_files.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 12> kEndings = {".png", ".jpg", ".jpeg", ".bmp",  ".pgm",  ".ppm",
                                                       ".pbm", ".pnm", ".tif",  ".tiff", ".webp", ".gif"};

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

struct Entries {
  std::vector<fs::path> pictures;
  std::vector<fs::path> folders;
  std::vector<fs::path> others;
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
    } else {
      entries.others.push_back(entry->path());
    }
  }
  if (code) {
    throw Error(fmt::format("{}: cannot list this folder: {}", folder.string(), code.message()));
  }
  std::ranges::sort(entries.pictures);
  std::ranges::sort(entries.folders);
  std::ranges::sort(entries.others);
  return entries;
}

void append(std::vector<fs::path>& paths, const std::vector<fs::path>& more) {
  paths.insert(paths.end(), more.begin(), more.end());
}

/// Pictures of the sub-folders, which become their labels.
PictureFiles labelled_pictures(const std::vector<fs::path>& folders) {
  PictureFiles files;
  for (const fs::path& folder : folders) {
    const Entries entries = entries_of(folder);
    append(files.passed_over, entries.others);
    append(files.passed_over, entries.folders);
    if (!entries.pictures.empty()) {
      append(files.paths, entries.pictures);
      files.labels.insert(files.labels.end(), entries.pictures.size(),
                          static_cast<int64_t>(files.label_names.size()));
      files.label_names.push_back(folder.filename().string());
    }
  }
  return files;
}

std::string ending_of(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending.empty() ? path.filename().string() : ending;
}

}  // namespace

bool is_picture(const fs::path& path) {
  return std::ranges::find(kEndings, lower_case(path.extension().string())) != kEndings.end();
}

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
    throw Error(fmt::format("{}: no pictures in it or in its sub-folders ({} files)", folder.string(),
                            kPictureKinds));
  }
  if (labelled.paths.empty()) {
    std::vector<fs::path> passed_over = entries.others;
    append(passed_over, entries.folders);
    return {entries.pictures, {}, {}, passed_over};
  }
  if (!entries.pictures.empty()) {
    throw Error(fmt::format(
        "{}: pictures both in it ({}) and in its sub-folders ({}); put them all in sub-folders, which "
        "become their labels, or none",
        folder.string(), entries.pictures.front().filename().string(),
        labelled.paths.front().lexically_relative(folder).string()));
  }
  append(labelled.passed_over, entries.others);
  return labelled;
}

std::vector<fs::path> contents_of(const fs::path& folder) {
  Entries entries = entries_of(folder);
  append(entries.others, entries.pictures);
  append(entries.others, entries.folders);
  return entries.others;
}

std::string passed_over_text(const std::vector<fs::path>& passed_over) {
  std::set<std::string> endings;
  std::vector<std::string> folders;
  int64_t files = 0;
  for (const fs::path& path : passed_over) {
    if (fs::is_directory(path)) {
      folders.push_back(path.string());
    } else {
      ++files;
      endings.insert(ending_of(path));
    }
  }
  std::vector<std::string> parts;
  if (files > 0) {
    parts.push_back(
        fmt::format("{} ({})", counted(files, "other file"), join({endings.begin(), endings.end()})));
  }
  if (!folders.empty()) {
    parts.push_back(fmt::format("{} ({}{})", counted(std::ssize(folders), "folder"), folders.front(),
                                folders.size() > 1 ? ", ..." : ""));
  }
  return join(parts);
}

fs::path numbered_picture(const fs::path& folder, int64_t number) {
  return folder / fmt::format("{:06}.png", number);
}

}  // namespace autoencoder
