// Picture files that a command line names.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace autoencoder {

/// What a text names with commas between: "a.png,b.png"; all of it where there is a file or folder of that
/// name.
std::vector<std::string> picture_words(const std::string& text);

/// Whether a word names a list: @FILE.
bool is_picture_list(const std::string& word);

/// The same word, from any folder.
std::string absolute_word(const std::string& word);

/// Files, all pictures of a folder, whatever its layout, and those of @FILE: a text with a path in each line,
/// from its own folder on; empty lines and those that begin with # do not count. Throws Error, naming the
/// file and the line, where there is no such file or folder, or no picture in it.
std::vector<std::filesystem::path> named_pictures(const std::vector<std::string>& words);

/// `count` of them from `first`, or as many as there are.
std::vector<std::filesystem::path> some_of(const std::vector<std::filesystem::path>& paths, size_t first,
                                           size_t count);

/// Where a picture of the same name goes: FOLDER/NAME.png.
std::filesystem::path png_path(const std::filesystem::path& folder, const std::filesystem::path& picture);

/// Throws Error where the results of two pictures would have the same name.
void check_names_differ(const std::vector<std::filesystem::path>& pictures);

}  // namespace autoencoder
