// Which pictures a folder holds, and what those are called that it gets, by their names alone: nothing here
// opens a picture or needs OpenCV.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace autoencoder {

struct PictureFiles {
  std::vector<std::filesystem::path> paths;  ///< at least one, sorted
  std::vector<int64_t> labels;               ///< as many; empty where the pictures lie in the folder itself
  std::vector<std::string> label_names;      ///< names of the sub-folders with pictures, sorted
};

/// The pictures of `folder`, as picture_folder.h says which. Throws Error: no such folder, no pictures,
/// pictures both in the folder and in its sub-folders.
PictureFiles list_pictures(const std::filesystem::path& folder);

/// Where picture `number` of many goes that have no names: FOLDER/000000.png and on.
std::filesystem::path numbered_picture(const std::filesystem::path& folder, int64_t number);

}  // namespace autoencoder
