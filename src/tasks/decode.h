// A file of codes back to what they stand for.
#pragma once

#include <filesystem>
#include <string>

#include "common/image_shape.h"
#include "common/progress.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct DecodeRequest : RunRequest {
  std::string codes;  ///< the file of them: a .npy or .csv of N rows of D numbers
  std::string out;

  void visit(OptionVisitor& visitor) override;
};

struct DecodeResult {
  std::filesystem::path out;
  int64_t decoded = 0;
  ImageShape shape;  ///< of each

  Json to_json() const;
};

/// Writes what the codes stand for, in the units of the data, to `out`, whose ending says how. Throws Error
/// as open_requested and read_rows, where the codes are not of this model, where the ending does not suit
/// what its data are, and where a file cannot be written.
DecodeResult decode_codes(const DecodeRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
