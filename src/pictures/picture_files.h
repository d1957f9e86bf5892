// Which pictures a folder holds, and what those are called that it gets, by their names alone: nothing here
// opens a picture or needs OpenCV.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace autoencoder {

struct PictureFiles {
  std::vector<std::filesystem::path> paths;  ///< sorted
  std::vector<int64_t> labels;               ///< as many; empty where the pictures lie in the folder itself
  std::vector<std::string> label_names;      ///< names of the sub-folders with pictures, sorted
  std::vector<std::filesystem::path> passed_over;  ///< files that are no pictures, folders not looked into
};

/// Whether a file is a picture by the ending of its name.
bool is_picture(const std::filesystem::path& path);

/// "PNG, JPEG, ...", for people.
inline constexpr const char* kPictureKinds = "PNG, JPEG, BMP, PGM, PPM, TIFF, WebP or GIF";

/// The pictures of `folder`, as picture_folder.h says which; at least one. Throws Error: no such folder, no
/// pictures, pictures both in the folder and in its sub-folders.
PictureFiles list_pictures(const std::filesystem::path& folder);

/// Whether there is a folder of that name with at least one picture, in itself or in a sub-folder.
bool has_pictures(const std::filesystem::path& folder);

/// What lies in a folder and is not hidden.
std::vector<std::filesystem::path> contents_of(const std::filesystem::path& folder);

/// "2 other files (.txt), 1 folder (cats/deeper)" of what was passed over; nothing of nothing.
std::string passed_over_text(const std::vector<std::filesystem::path>& passed_over);

/// Where picture `number` of many goes that have no names: FOLDER/000000.png and on.
std::filesystem::path numbered_picture(const std::filesystem::path& folder, int64_t number);

}  // namespace autoencoder
