// A map of a run's codes.
#pragma once

#include <filesystem>
#include <string>

#include "common/progress.h"
#include "evaluation/latent_map.h"
#include "tasks/run_access.h"

namespace autoencoder {

enum class MapMethod { kAuto, kCode, kPca, kTsne };

/// "auto", "code", "pca", "tsne".
Choices<MapMethod> map_methods();

/// How codes become points.
struct MapChoice {
  MapMethod method = MapMethod::kAuto;
  double perplexity = 30;  ///< of t-SNE
  int64_t steps = 1000;    ///< likewise
};

/// codes: N x D with N > 1, on the CPU. Throws Error where the method does not suit them.
LatentMap map_codes_by(const torch::Tensor& codes, const MapChoice& choice,
                       Progress& progress = no_progress());

struct LatentRequest : RunDataRequest {
  MapChoice map;
  int64_t count = 10'000;
  int64_t seed = 0;
  std::string out;
  std::string save_points;

  void visit(OptionVisitor& visitor) override;
};

struct LatentResult {
  std::filesystem::path out;
  std::string data;    ///< "test split of mnist, 10,000 images"
  std::string method;  ///< as it was asked for
  LatentMap map;

  int64_t points() const { return map.points.size(0); }
  Json to_json() const;
};

/// Draws it to `out`, a PNG, and writes its points to `save_points` where that is given. Throws Error as
/// open_with_data, where the method does not suit the codes, and where a file cannot be written.
LatentResult map_codes(const LatentRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
