#include "pictures/picture_paths.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "common/error.h"
#include "pictures/picture_files.h"

namespace autoencoder {

namespace fs = std::filesystem;

std::vector<fs::path> named_pictures(const std::vector<std::string>& words) {
  std::vector<fs::path> paths;
  for (const std::string& word : words) {
    if (fs::is_directory(word)) {
      const PictureFiles files = list_pictures(word);
      paths.insert(paths.end(), files.paths.begin(), files.paths.end());
    } else if (fs::exists(word)) {
      paths.emplace_back(word);
    } else {
      throw Error(fmt::format("{}: no such file or folder", word));
    }
  }
  return paths;
}

std::vector<fs::path> some_of(const std::vector<fs::path>& paths, size_t first, size_t count) {
  const auto begin = paths.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(std::min(count, paths.size() - first))};
}

fs::path png_path(const fs::path& folder, const fs::path& picture) {
  return folder / picture.filename().replace_extension(".png");
}

void check_names_differ(const std::vector<fs::path>& pictures) {
  std::set<fs::path> names;
  for (const fs::path& picture : pictures) {
    if (!names.insert(png_path({}, picture)).second) {
      throw Error(
          fmt::format("{}: there is another picture of that name; give them one folder after the other",
                      picture.string()));
    }
  }
}

}  // namespace autoencoder
