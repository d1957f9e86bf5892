#include "evaluation/detector.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/archive.h"
#include "common/error.h"

namespace autoencoder {
namespace {

constexpr const char* kDetectorKind = "detector";

Json json_of(const AnomalyMap& map) {
  return {{"difference", name_of(pixel_differences(), map.difference)},
          {"smoothing", map.smoothing},
          {"pooling", map.pooling.text()},
          {"measure", name_of(map_measures(), map.measure)}};
}

// Maps of before were measured by nothing.
MapMeasure measure_from(const Json& json) {
  const auto measure = find_choice(map_measures(), json.value("measure", "none"));
  TORCH_CHECK(measure, "no such measure");
  return *measure;
}

AnomalyMap map_from(const Archive& archive) {
  if (!archive.description.contains("map")) {
    return {};
  }
  const Json& json = archive.description.at("map");
  const auto difference = find_choice(pixel_differences(), json.at("difference").get<std::string>());
  TORCH_CHECK(difference, "no such map");
  AnomalyMap map = {*difference, json.at("smoothing"), Pooling(json.at("pooling").get<std::string>()),
                    measure_from(json)};
  if (map.measure != MapMeasure::kNone) {
    map.usual = archive.tensor("map-usual");
    TORCH_CHECK(map.usual.dim() == 4 && map.usual.size(0) == 1 && map.usual.size(1) == 1, "no usual map");
  }
  return map;
}

// Detectors of before combined by the least.
StepCombination combination_from(const Json& description) {
  const auto combination = find_choice(step_combinations(), description.value("combine", "least"));
  TORCH_CHECK(combination, "no such combination");
  return *combination;
}

// Of so many windows; undefined of what is none.
torch::Tensor places_in(const Archive& archive, const char* name, int64_t count) {
  if (!archive.tensors.contains(name)) {
    return {};
  }
  const torch::Tensor places = archive.tensor(name);
  TORCH_CHECK(places.sizes() == torch::IntArrayRef({count, 2}), "places of others");
  return places;
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

void check(const JointSpace& space) {
  const bool is_matrix = space.points.dim() == 2 && space.usual.dim() == 1 && space.apart.dim() == 1;
  TORCH_CHECK(is_matrix && space.points.size(0) == space.apart.size(0) && space.points.size(0) > 0 &&
                  space.points.size(1) == 2 * space.usual.size(0),
              "a joint space of other sizes");
}

// Pictures have none, and neither had detectors of before.
JointSpace joint_space_in(const Archive& archive) {
  if (!archive.tensors.contains("joint-points")) {
    return {};
  }
  JointSpace space = {archive.tensor("joint-points"), archive.tensor("joint-usual"),
                      archive.tensor("joint-apart")};
  check(space);
  space.places = places_in(archive, "joint-places", space.points.size(0));
  return space;
}

// Detectors of before have the square matrix that the axes are made of.
torch::Tensor axes_in(const Archive& archive) {
  return archive.tensors.contains("axes") ? archive.tensor("axes")
                                          : axes_of_precision(archive.tensor("precision"));
}

}  // namespace

void write_detector(const std::filesystem::path& path, const Detector& detector) {
  const auto& [codes, mean, axes, joint, places] = detector.normality;
  Archive archive = {kDetectorKind,
                     {{"score", detector.score},
                      {"threshold", detector.threshold},
                      {"map", json_of(detector.map)},
                      {"combine", name_of(step_combinations(), detector.combination)}},
                     {}};
  const NamedTensors all = {{"codes", codes},
                            {"mean", mean},
                            {"axes", axes},
                            {"places", places},
                            {"joint-points", joint.points},
                            {"joint-usual", joint.usual},
                            {"joint-apart", joint.apart},
                            {"joint-places", joint.places},
                            {"map-usual", detector.map.usual}};
  std::ranges::copy_if(all, std::inserter(archive.tensors, archive.tensors.end()),
                       [](const auto& named) { return named.second.defined(); });
  write_archive(path, archive);
}

Detector read_detector(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw Error(fmt::format("{}: no such file; make it with 'autoencoder detect fit {}'", path.string(),
                            path.parent_path().string()));
  }
  const Archive archive = read_archive(path, kDetectorKind);
  return whole_or_damaged(path, [&] {
    Normality normality = {archive.tensor("codes"), archive.tensor("mean"), axes_in(archive),
                           joint_space_in(archive)};
    check(normality);
    normality.places = places_in(archive, "places", normality.codes.size(0));
    const Json& description = archive.description;
    return Detector{description.at("score"), description.at("threshold"), normality, map_from(archive),
                    combination_from(description)};
  });
}

}  // namespace autoencoder
