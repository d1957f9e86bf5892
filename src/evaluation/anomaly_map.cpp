#include "evaluation/anomaly_map.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "evaluation/gaussian_filter.h"
#include "evaluation/metrics.h"

namespace autoencoder {
namespace {

constexpr const char* kTop = "top:";
constexpr double kLeastOfUsual = 0.1;

torch::Tensor mean_over_channels(const torch::Tensor& values) { return values.mean(1, /*keepdim=*/true); }

torch::Tensor squared_error(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  return mean_over_channels((original - reconstruction).square());
}

torch::Tensor dissimilarity(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  return mean_over_channels((1 - structural_similarity_map(original, reconstruction)) / 2).clamp_min(0);
}

// Half the difference of the neighbours; at the borders the pixel itself stands for the missing one.
torch::Tensor slope_along(const torch::Tensor& values, int64_t axis) {
  const int64_t size = values.size(axis);
  const torch::Tensor first = values.narrow(axis, 0, 1);
  const torch::Tensor last = values.narrow(axis, size - 1, 1);
  const torch::Tensor padded = torch::cat({first, values, last}, axis);
  return (padded.narrow(axis, 2, size) - padded.narrow(axis, 0, size)) / 2;
}

torch::Tensor gradient_difference(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  const torch::Tensor error = original - reconstruction;
  return mean_over_channels(slope_along(error, 2).square() + slope_along(error, 3).square());
}

torch::Tensor smoothed(const torch::Tensor& maps, double sigma) {
  return sigma > 0 ? gaussian_filter(maps, sigma, std::llround(std::ceil(3 * sigma))) : maps;
}

torch::Tensor coarse_error(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  return mean_over_channels(smoothed(original - reconstruction, 1).square());
}

torch::Tensor wrong_twice(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  return coarse_error(original, reconstruction) * dissimilarity(original, reconstruction);
}

bool is_measured(const AnomalyMap& map) { return map.measure != MapMeasure::kNone && map.usual.defined(); }

// N x 1 x H x W -> N x 1 x 1 x 1.
torch::Tensor medians_of(const torch::Tensor& maps) {
  const auto [medians, places] = maps.flatten(1).median(1);
  return medians.view({-1, 1, 1, 1});
}

}  // namespace

Choices<PixelDifference> pixel_differences() {
  return {{"error", squared_error},
          {"ssim", dissimilarity},
          {"gradient", gradient_difference},
          {"coarse", coarse_error},
          {"defects", wrong_twice}};
}

Pooling::Pooling(const std::string& text) {
  if (text == "max" || text == "mean") {
    share_ = text == "max" ? 0 : 1;
    return;
  }
  const bool is_top = text.starts_with(kTop);
  const auto share = is_top ? number_from<double>(text.substr(std::string(kTop).size())) : std::nullopt;
  if (!share || !(*share > 0) || *share > 1) {
    throw Error(fmt::format(
        "pool is '{}'; it must be max, mean, or top: with a share of the pixels, such as top:0.01", text));
  }
  share_ = *share;
}

std::string Pooling::text() const {
  if (share_ == 0) {
    return "max";
  }
  return share_ == 1 ? "mean" : fmt::format("{}{:g}", kTop, share_);
}

torch::Tensor Pooling::apply(const torch::Tensor& maps) const {
  const torch::Tensor values = maps.flatten(1).to(torch::kFloat64);
  if (share_ == 1) {
    return values.mean(1);
  }
  const auto wanted = std::llround(std::ceil(share_ * static_cast<double>(values.size(1))));
  const auto [largest, places] = values.topk(std::max<int64_t>(wanted, 1), 1);
  return largest.mean(1);
}

Choices<MapMeasure> map_measures() {
  return {{"none", MapMeasure::kNone}, {"place", MapMeasure::kPlace}, {"picture", MapMeasure::kPicture}};
}

torch::Tensor AnomalyMap::of(const torch::Tensor& original, const torch::Tensor& reconstruction) const {
  const torch::Tensor differences = difference(original, reconstruction).to(torch::kFloat32);
  if (!is_measured(*this)) {
    return smoothed(differences, smoothing);
  }
  const torch::Tensor maps = smoothed(differences / usual.to(differences.device()), smoothing);
  return measure == MapMeasure::kPicture ? maps / medians_of(maps).clamp_min(kLeastOfUsual) : maps;
}

std::string AnomalyMap::text() const {
  std::string text = name_of(pixel_differences(), difference);
  if (smoothing > 0) {
    text += fmt::format(", smoothed over {:g} pixels", smoothing);
  }
  if (is_measured(*this)) {
    text += ", times what is usual";
  }
  return text;
}

torch::Tensor usual_differences(const torch::Tensor& mean) {
  const torch::Tensor spread = smoothed(mean.to(torch::kFloat32), 1);
  return spread.clamp_min(std::max(kLeastOfUsual * spread.mean().item<double>(), 1e-12));
}

bool are_detailed(const ImageShape& shape) {
  return shape.is_image() && std::min(shape.height, shape.width) >= kSmallestDetailed;
}

// Chosen on three sets of woven fabric, each restored by a model of its own: AUROC by picture 0.99 to 1.00,
// by pixel 0.98 to 0.99. Squared errors smoothed over 4 pixels and measured by nothing have 0.85 and 0.91:
// what such models rebuild worst lies at the pictures' edges, and how well depends on the weave.
AnomalyMap usual_map(const ImageShape& shape) {
  if (!are_detailed(shape)) {
    return {};
  }
  return {choice_named(pixel_differences(), "defects"), 3, Pooling("top:0.005"), MapMeasure::kPicture};
}

}  // namespace autoencoder
