// The pictures of a file of quantised codes.
#pragma once

#include <filesystem>
#include <string>

#include "common/progress.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct DecompressRequest : RunRequest {
  std::string file;  ///< that compress_pictures wrote
  std::string out;

  void visit(OptionVisitor& visitor) override;
};

struct DecompressResult {
  std::filesystem::path out;  ///< the folder
  int64_t pictures = 0;
  bool is_exact = false;

  Json to_json() const;
};

/// Writes a PNG of each picture to the folder `out`. Throws Error as open_requested, where the file cannot be
/// read or was made with another model, where one of the pictures is there already (none is then written),
/// and where the pictures of a lossless file do not come out as they went in.
DecompressResult decompress_pictures(const DecompressRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
