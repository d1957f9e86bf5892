// Files, written whole or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace autoencoder {

/// How a new file gets its name.
enum class Durability {
  kSurvivesPowerLoss,  ///< its bytes, then its folder, are flushed to the disk: what a run is made of
  kCanBeMadeAgain,     ///< left to the system, which is a hundred times faster: pictures by the thousand
};

/// A file in the making, for what is too large to be held whole: bytes go to a temporary name in the same
/// folder, that no other process has and no link can stand for. Without commit nothing of it is left; what a
/// killed process left there is cleared by the next one that makes a file in the folder. Everything throws
/// Error where the disk refuses.
class NewFile {
 public:
  /// Makes the folder where it is missing.
  explicit NewFile(std::filesystem::path path, Durability durability = Durability::kSurvivesPowerLoss);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void append(std::string_view bytes);

  /// Gives the file its name, in place of an old one, whose permissions it takes.
  void commit();

 private:
  void create();
  void close();

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  Durability durability_;
  int descriptor_ = -1;
};

/// Writes `bytes` to a temporary name in the same folder and renames it: a reader or a crash never sees half
/// a file. Makes the folder where it is missing. Throws Error, and then the old file is untouched.
void write_file(const std::filesystem::path& path, std::string_view bytes,
                Durability durability = Durability::kSurvivesPowerLoss);

/// The file, open for reading bytes. Throws Error where it cannot be read.
std::ifstream open_file(const std::filesystem::path& path);

/// The whole file. Throws Error where it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Removes the temporary files in `folder` whose process has ended.
void clear_dead_temporaries(const std::filesystem::path& folder);

/// Whether a file of that name is a NewFile in the making, or what was left of one.
bool is_temporary(const std::filesystem::path& path);

/// `path` without what a user's shell may add: slashes at the end, dots in between.
std::filesystem::path tidied(const std::filesystem::path& path);

}  // namespace autoencoder
