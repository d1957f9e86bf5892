// Files, written whole or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace autoencoder {

/// A file in the making, for what is too large to be held whole: bytes go to a temporary name in the same
/// folder. Without commit nothing of it is left. Everything throws Error where the disk refuses.
class NewFile {
 public:
  /// Makes the folder where it is missing.
  explicit NewFile(std::filesystem::path path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void append(std::string_view bytes);

  /// Flushes to the disk and gives the file its name, in place of an old one.
  void commit();

 private:
  void close();

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// Writes `bytes` to a temporary name in the same folder, flushes it to the disk and renames it: a reader or
/// a crash never sees half a file. Makes the folder where it is missing. Throws Error, and then the old file
/// is untouched.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// The file, open for reading bytes. Throws Error where it cannot be read.
std::ifstream open_file(const std::filesystem::path& path);

/// The whole file. Throws Error where it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace autoencoder
