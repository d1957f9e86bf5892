#include "data/defects.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>

#include <torch/types.h>

namespace autoencoder {
namespace {

constexpr int64_t kShapes = 3;       // lines, spots, patches
constexpr int64_t kFillings = 4;     // another picture, one colour, out of focus, other colours
constexpr int64_t kRoughness = 6;    // points of the noise that makes outlines ragged, along a side
constexpr double kRaggedness = 0.3;  // its standard deviation, in radii

// Everything that is drawn at random: a number for each picture.
class Draws {
 public:
  Draws(const torch::Tensor& pictures, at::Generator rng)
      : rng_(std::move(rng)), options_(pictures.options()), count_(pictures.size(0)) {}

  // N x channels x 1 x 1, uniform in [low, high).
  torch::Tensor uniform(double low, double high, int64_t channels = 1) {
    return torch::rand({count_, channels, 1, 1}, rng_, options_) * (high - low) + low;
  }

  // N x 1 x 1 x 1: 0, 1, ... choices - 1.
  torch::Tensor choice(int64_t choices) { return uniform(0, static_cast<double>(choices)).floor(); }

  // A single whole number from `low` to below `high`, of all pictures.
  torch::Tensor common(int64_t low, int64_t high) {
    return torch::randint(low, std::max(high, low + 1), {1}, rng_, options_.dtype(torch::kInt64));
  }

  // N x 1 x side x side, normal.
  torch::Tensor noise(int64_t side) { return torch::randn({count_, 1, side, side}, rng_, options_); }

 private:
  at::Generator rng_;
  torch::TensorOptions options_;
  int64_t count_;
};

// The value of each picture's choice. Arithmetic, as no number has to come from the host for it.
torch::Tensor picked(const torch::Tensor& choice, std::initializer_list<double> values) {
  torch::Tensor sum = torch::zeros_like(choice);
  double number = 0;
  for (const double value : values) {
    sum = sum + (choice == number++) * value;
  }
  return sum;
}

torch::Tensor enlarged(const torch::Tensor& small, const torch::Tensor& like) {
  return torch::upsample_bilinear2d(small, {like.size(2), like.size(3)}, /*align_corners=*/false);
}

// Positions along an axis, moved by the same random number for all and going on at the other end.
torch::Tensor moved(Draws& draws, const torch::Tensor& pictures, int64_t axis) {
  const int64_t size = pictures.size(axis);
  const torch::Tensor places = torch::arange(size, pictures.options().dtype(torch::kInt64));
  return (places + draws.common(1, size)).remainder(size);
}

torch::Tensor other_pictures(Draws& draws, const torch::Tensor& pictures) {
  torch::Tensor others = pictures;
  for (const int64_t axis : {0, 2, 3}) {
    others = others.index_select(axis, moved(draws, pictures, axis));
  }
  return others;
}

torch::Tensor out_of_focus(const torch::Tensor& pictures) {
  const int64_t side = std::min(pictures.size(2), pictures.size(3));
  const int64_t coarse = std::clamp<int64_t>(side / 24, std::min<int64_t>(side, 2), 8);
  return enlarged(torch::avg_pool2d(pictures, coarse, coarse, 0, /*ceil_mode=*/true), pictures);
}

// How far each pixel lies inside a defect, in pixels; negative outside: N x 1 x H x W.
torch::Tensor depth_in_shape(Draws& draws, const torch::Tensor& pictures) {
  const auto side = static_cast<double>(std::min(pictures.size(2), pictures.size(3)));
  const torch::Tensor shape = draws.choice(kShapes);
  const auto between = [&](std::initializer_list<double> low, std::initializer_list<double> high) {
    const torch::Tensor least = picked(shape, low);
    return least + draws.uniform(0, 1) * (picked(shape, high) - least);
  };
  const double hair = std::max(0.6, side / 256);
  const torch::Tensor length = between({side / 12, 1, side / 20}, {side * 0.3, side / 16, side / 10});
  const torch::Tensor width = between({hair, 1, side / 20}, {2 * hair, side / 16, side / 10});
  const torch::Tensor turn = draws.uniform(0, std::numbers::pi);
  const auto from_middle = [&](int64_t axis, at::IntArrayRef sizes) {
    const auto size = static_cast<double>(pictures.size(axis));
    return torch::arange(pictures.size(axis), pictures.options()).view(sizes) + 0.5 - draws.uniform(0, size);
  };
  const torch::Tensor y = from_middle(2, {1, 1, -1, 1});
  const torch::Tensor x = from_middle(3, {1, 1, 1, -1});
  const torch::Tensor along = (x * turn.cos() + y * turn.sin()) / length;
  const torch::Tensor bend = picked(shape, {0.3, 0, 0}) * draws.uniform(-1, 1) * length / width;
  const torch::Tensor beside = (y * turn.cos() - x * turn.sin()) / width - bend * along.square();
  const torch::Tensor rough =
      enlarged(draws.noise(kRoughness), pictures) * picked(shape, {0, 0, kRaggedness});
  const torch::Tensor is_round = (shape + draws.choice(2)) != 0;  // half of the lines have square ends
  const torch::Tensor radius =
      torch::where(is_round, torch::hypot(along, beside), torch::maximum(along.abs(), beside.abs()));
  return (1 - radius - rough) * torch::minimum(length, width);
}

// What lies in a defect.
torch::Tensor filling_of(Draws& draws, const torch::Tensor& pictures, const torch::Tensor& others,
                         const torch::Tensor& blurred) {
  const int64_t channels = pictures.size(1);
  const torch::Tensor filling = draws.choice(kFillings);
  const torch::Tensor source = torch::where(filling == 2, blurred, others);
  const torch::Tensor own_share = picked(filling, {0, 0, 0, 1}) * draws.uniform(0.3, 1.7, channels);
  const torch::Tensor colour = picked(filling, {0, 1, 0, 0}) * draws.uniform(0, 1, channels);
  return torch::addcmul(colour, own_share, pictures) + picked(filling, {1, 0, 1, 0}) * source;
}

}  // namespace

torch::Tensor with_defects(const torch::Tensor& pictures, double mean_count, const at::Generator& rng) {
  const auto most = static_cast<int64_t>(std::ceil(2 * mean_count));
  const double chance = mean_count / static_cast<double>(most);
  Draws draws(pictures, rng);
  const torch::Tensor others = other_pictures(draws, pictures);
  const torch::Tensor blurred = out_of_focus(pictures);
  torch::Tensor damaged = pictures;
  for (int64_t i = 0; i < most; ++i) {
    const torch::Tensor is_there = draws.uniform(0, 1) < chance;
    const torch::Tensor cover = (depth_in_shape(draws, pictures) + 0.5).clamp_(0, 1) * is_there;
    damaged = torch::lerp(damaged, filling_of(draws, pictures, others, blurred), cover);
  }
  return damaged.clamp(0, 1);
}

}  // namespace autoencoder
