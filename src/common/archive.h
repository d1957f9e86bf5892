// What a run keeps for itself between two calls of the program: tensors, and words that say what they are. In
// safetensors, so that opening one runs nothing that it holds.
#pragma once

#include <filesystem>
#include <string>

#include <c10/util/Exception.h>

#include "common/error.h"
#include "common/json.h"
#include "common/safetensors.h"

namespace autoencoder {

struct Archive {
  std::string kind;  ///< "checkpoint", "split", "detector": a file of one kind is not taken for another
  Json description = Json::object();
  NamedTensors tensors = {};

  /// The tensor of that name. Throws c10::Error where there is none.
  const torch::Tensor& tensor(const std::string& name) const;
};

/// Writes the file whole or not at all.
void write_archive(const std::filesystem::path& path, const Archive& archive);

/// Throws Error where the file is missing, damaged, of another kind, or of a later version of this program.
Archive read_archive(const std::filesystem::path& path, const std::string& kind);

/// What to throw where an archive is whole, but what it holds does not fit together.
Error damaged_archive(const std::filesystem::path& path);

/// What `read` makes of the contents of the file at `path`. Throws damaged_archive where it misses something
/// there: a tensor, a key, the right type or shape (c10::Error, Json::exception).
template <typename Read>
auto whole_or_damaged(const std::filesystem::path& path, Read read) {
  try {
    return read();
  } catch (const c10::Error&) {
    throw damaged_archive(path);
  } catch (const Json::exception&) {
    throw damaged_archive(path);
  }
}

}  // namespace autoencoder
