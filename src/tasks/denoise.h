// Pictures through a model that learned to restore them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/progress.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct DenoiseRequest : RunRequest {
  std::vector<std::string> pictures;  ///< files, and folders of them
  std::string out;
  std::string clean;
  std::string corruption = "none";
  int64_t seed = 0;
  int64_t tile_stride = 0;

  void visit(OptionVisitor& visitor) override;
};

/// How near pictures are to the clean ones: means over them.
struct PictureQuality {
  double psnr = 0;  ///< dB
  double ssim = 0;
};

struct Restoration {
  PictureQuality before;
  PictureQuality after;
};

struct DenoiseResult {
  std::filesystem::path out;  ///< the folder with a PNG of each picture, of the same name
  int64_t pictures = 0;
  std::optional<Restoration> quality;  ///< nothing where no clean pictures are known

  Json to_json() const;
};

/// Restores the pictures and writes them. Throws UsageError where both clean pictures and noise are asked
/// for; Error as open_requested, on a model of vectors, on a picture that is not there, that cannot be read
/// or has no clean one, on two of one name, where tiles are asked for that do not fit a picture or leave
/// gaps, and where a file cannot be written.
DenoiseResult denoise_pictures(const DenoiseRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
