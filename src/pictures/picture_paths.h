// Picture files that a command line names.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace autoencoder {

/// Files, and all pictures of a folder. Throws Error where there is no such file or folder, or no picture in
/// it.
std::vector<std::filesystem::path> named_pictures(const std::vector<std::string>& words);

/// `count` of them from `first`, or as many as there are.
std::vector<std::filesystem::path> some_of(const std::vector<std::filesystem::path>& paths, size_t first,
                                           size_t count);

/// Where a picture of the same name goes: FOLDER/NAME.png.
std::filesystem::path png_path(const std::filesystem::path& folder, const std::filesystem::path& picture);

/// Throws Error where the results of two pictures would have the same name.
void check_names_differ(const std::vector<std::filesystem::path>& pictures);

}  // namespace autoencoder
