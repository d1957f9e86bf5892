// Pictures as a file of quantised codes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/progress.h"
#include "compression/compressor.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct CompressRequest : RunDataRequest {
  std::vector<std::string> pictures;  ///< files, and folders of them; none: the data
  std::string out;
  double extra_error = CompressionQuality{}.extra_error;
  bool lossless = false;

  void visit(OptionVisitor& visitor) override;
};

struct CompressResult {
  std::filesystem::path out;
  int64_t pictures = 0;
  uint64_t bytes = 0;        ///< of `out`
  uint64_t model_bytes = 0;  ///< of the model that reading it takes
  double bits_per_pixel = 0;
  std::optional<double> psnr;  ///< dB, of the mean squared error; none where the pictures come back exactly

  Json to_json() const;
};

/// Writes `out`. Throws UsageError where both pictures and data are given; Error as open_with_data, and where
/// the model takes no pictures, a picture cannot be read, does not have the model's shape or has a name that
/// the file cannot keep, and where the file cannot be written.
CompressResult compress_pictures(const CompressRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
