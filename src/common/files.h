// Files, written whole or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace autoencoder {

/// Writes `bytes` to a temporary name in the same folder, flushes it to the disk and renames it: a reader or
/// a crash never sees half a file. Makes the folder where it is missing. Throws Error, and then the old file
/// is untouched.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// The file, open for reading bytes. Throws Error where it cannot be read.
std::ifstream open_file(const std::filesystem::path& path);

/// The whole file. Throws Error where it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace autoencoder
