#include "evaluation/detector.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/archive.h"
#include "common/error.h"

namespace autoencoder {
namespace {

constexpr const char* kDetectorKind = "detector";

Json json_of(const AnomalyMap& map) {
  return {{"difference", name_of(pixel_differences(), map.difference)},
          {"smoothing", map.smoothing},
          {"pooling", map.pooling.text()}};
}

AnomalyMap map_from(const Json& json) {
  const auto difference = find_choice(pixel_differences(), json.at("difference").get<std::string>());
  TORCH_CHECK(difference, "no such map");
  return {*difference, json.at("smoothing"), Pooling(json.at("pooling").get<std::string>())};
}

void check(const Normality& normality) {
  const auto is_sized = [](const torch::Tensor& tensor, const std::vector<int64_t>& sizes) {
    return tensor.sizes() == torch::IntArrayRef(sizes);
  };
  TORCH_CHECK(normality.codes.dim() == 2, "codes are no matrix");
  const int64_t latent_dim = normality.codes.size(1);
  TORCH_CHECK(normality.axes.dim() == 2 && is_sized(normality.mean, {latent_dim}) &&
                  normality.axes.size(0) == latent_dim,
              "mean and axes are not those of the codes");
}

// Detectors of before have the square matrix that the axes are made of.
torch::Tensor axes_in(const Archive& archive) {
  return archive.tensors.contains("axes") ? archive.tensor("axes")
                                          : axes_of_precision(archive.tensor("precision"));
}

}  // namespace

void write_detector(const std::filesystem::path& path, const Detector& detector) {
  write_archive(
      path, {kDetectorKind,
             {{"score", detector.score}, {"threshold", detector.threshold}, {"map", json_of(detector.map)}},
             {{"codes", detector.normality.codes},
              {"mean", detector.normality.mean},
              {"axes", detector.normality.axes}}});
}

Detector read_detector(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw Error(fmt::format("{}: no such file; make it with 'autoencoder detect fit {}'", path.string(),
                            path.parent_path().string()));
  }
  const Archive archive = read_archive(path, kDetectorKind);
  return whole_or_damaged(path, [&] {
    const Normality normality = {archive.tensor("codes"), archive.tensor("mean"), axes_in(archive)};
    check(normality);
    const Json& description = archive.description;
    return Detector{description.at("score"), description.at("threshold"), normality,
                    description.contains("map") ? map_from(description.at("map")) : AnomalyMap()};
  });
}

}  // namespace autoencoder
