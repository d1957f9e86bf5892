#include "pictures/picture_paths.h"

#include <algorithm>
#include <fstream>
#include <set>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "pictures/picture_layout.h"

namespace autoencoder {

namespace fs = std::filesystem;

namespace {

constexpr char kListSign = '@';

// The paths of a list, from its own folder on.
std::vector<fs::path> listed_pictures(const fs::path& list) {
  std::ifstream file = open_file(list);
  std::vector<fs::path> paths;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    line.resize(line.find_last_not_of(" \t\r") + 1);
    if (line.empty() || line.front() == '#') {
      continue;
    }
    paths.push_back(list.parent_path() / line);
    if (!fs::is_regular_file(paths.back())) {
      throw Error(fmt::format("{}, line {}: no such file as {}; mend the line, or take it out", list.string(),
                              number, paths.back().string()));
    }
  }
  if (paths.empty()) {
    throw Error(fmt::format("{}: no path in it; give a text file with the path of a picture in each line",
                            list.string()));
  }
  return paths;
}

std::vector<fs::path> pictures_in(const fs::path& folder) {
  const PictureLayout layout = layout_of(folder);
  std::vector<fs::path> paths;
  for (const PictureFiles* part : {&layout.train, &layout.validation, &layout.test}) {
    paths.insert(paths.end(), part->paths.begin(), part->paths.end());
  }
  return paths;
}

std::vector<fs::path> pictures_of(const std::string& word) {
  if (is_picture_list(word)) {
    return listed_pictures(word.substr(1));
  }
  if (fs::is_directory(word)) {
    return pictures_in(word);
  }
  if (!fs::exists(word)) {
    throw Error(fmt::format("{}: no such file or folder", word));
  }
  return {word};
}

}  // namespace

std::vector<std::string> picture_words(const std::string& text) {
  std::error_code too_long;  // for the name of one file
  return fs::exists(text, too_long) ? std::vector<std::string>{text} : split_words(text);
}

bool is_picture_list(const std::string& word) { return word.starts_with(kListSign); }

std::string absolute_word(const std::string& word) {
  const bool is_list = is_picture_list(word);
  const fs::path path = fs::absolute(is_list ? word.substr(1) : word).lexically_normal();
  return (is_list ? std::string(1, kListSign) : "") + path.string();
}

std::vector<fs::path> named_pictures(const std::vector<std::string>& words) {
  std::vector<fs::path> paths;
  for (const std::string& word : words) {
    const std::vector<fs::path> more = pictures_of(word);
    paths.insert(paths.end(), more.begin(), more.end());
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
