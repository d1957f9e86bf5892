#include "data/formats/generated.h"

#include <algorithm>
#include <numbers>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/random.h"
#include "data/data_format.h"
#include "data/formats/generated_series.h"
#include "data/windows.h"

namespace autoencoder {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

// Points from where they lie along the curve, 0 to 1. All N; the result is N x D.
torch::Tensor circle_points(const torch::Tensor& way, const at::Generator& /*rng*/) {
  const torch::Tensor angle = kTurn * way;
  return torch::stack({angle.cos(), angle.sin()}, 1);
}

torch::Tensor spiral_points(const torch::Tensor& way, const at::Generator& /*rng*/) {
  const torch::Tensor angle = 1.5 * kTurn * way;
  return torch::stack({way * angle.cos(), way * angle.sin()}, 1);
}

torch::Tensor swiss_roll_points(const torch::Tensor& way, const at::Generator& rng) {
  constexpr double kWidth = 21;
  constexpr double kLargestRadius = 2.25 * kTurn;
  const torch::Tensor angle = 0.75 * kTurn * (1 + 2 * way);
  const torch::Tensor across = kWidth * (torch::rand(way.sizes(), rng, way.options()) - 0.5);
  return torch::stack({angle * angle.cos(), across, angle * angle.sin()}, 1) / kLargestRadius;
}

// What is drawn, with its defaults.
struct GeneratedShape {
  std::string name;
  torch::Tensor (*points)(const torch::Tensor& way, const at::Generator& rng);
  int64_t count;
  double noise;
};

const std::vector<GeneratedShape>& generated_shapes() {
  static const std::vector<GeneratedShape> kShapes = {{"circle", circle_points, 500, 0.05},
                                                      {"spiral", spiral_points, 1000, 0.02},
                                                      {"swiss-roll", swiss_roll_points, 2000, 0.02}};
  return kShapes;
}

const GeneratedShape& generated_shape(const std::string& name) {
  const auto& shapes = generated_shapes();
  const auto found =
      std::find_if(shapes.begin(), shapes.end(), [&](const GeneratedShape& s) { return s.name == name; });
  TORCH_CHECK(found != shapes.end(), "nothing generated is called ", name);
  return *found;
}

}  // namespace

const std::vector<std::string>& generated_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const GeneratedShape& shape : generated_shapes()) {
      names.push_back(shape.name);
    }
    return names;
  }();
  return kNames;
}

bool is_generated(const std::string& name) {
  return std::find(generated_names().begin(), generated_names().end(), name) != generated_names().end();
}

DataSource generate_points(const std::string& name, const GeneratedOptions& options) {
  constexpr int64_t kSections = 8;
  const GeneratedShape& shape = generated_shape(name);
  const int64_t count = options.points > 0 ? options.points : shape.count;
  const double noise = options.noise >= 0 ? options.noise : shape.noise;
  const at::Generator rng = make_generator(derive_seed(options.seed, name));
  const torch::Tensor way = torch::rand({count}, rng, torch::kFloat32);
  torch::Tensor points = shape.points(way, rng);
  points += noise * torch::randn(points.sizes(), rng, points.options());
  const torch::Tensor labels = (way * kSections).floor().to(torch::kInt64).clamp_max(kSections - 1);
  return {name, {points.view({count, 1, 1, -1}), labels, {}}, {}};
}

namespace {

struct PointOptions : Options {
  int64_t points = 0;
  double noise = -1;
  int64_t data_seed = 0;

  void visit(OptionVisitor& visitor) override {
    visitor.option("points", points, "number of generated points, or of steps; 0: the usual number",
                   between(0, 1e8));
    visitor.option("noise", noise, "standard deviation of generated points; -1: the usual one",
                   between(-1, 100));
    visitor.option("data-seed", data_seed, "draws generated points", at_least(0));
  }
};

// Points are no series, and steps no examples.
void check_windows(const SourceOptions& source) {
  const bool is_series = is_generated_series(source.data);
  const int64_t window = source.own<WindowOptions>().window;
  if (is_series && window == 0) {
    throw Error(
        fmt::format("{}: a series; say how many steps make an example, such as --window 64", source.data));
  }
  if (!is_series && window > 0) {
    throw Error(fmt::format("window is {}, but the points of {} are no steps of a series; leave it out",
                            window, source.data));
  }
}

DataSource open_points(const SourceOptions& source) {
  check_windows(source);
  const auto options = source.own<PointOptions>();
  const GeneratedOptions how = {options.points, options.noise, static_cast<uint64_t>(options.data_seed)};
  return is_generated_series(source.data) ? generate_series(source.data, how)
                                          : generate_points(source.data, how);
}

std::vector<std::string> all_generated_names() {
  std::vector<std::string> names = generated_names();
  names.insert(names.end(), generated_series_names().begin(), generated_series_names().end());
  return names;
}

const DataFormatRegistration generated_format({.place = DataPlace::kGenerated,
                                               .name = "generated",
                                               .words = all_generated_names(),
                                               .make_options = new_options<PointOptions>,
                                               .open = open_points,
                                               .locate = [](const SourceOptions& source) { return source; },
                                               .has_rows = true});

}  // namespace

}  // namespace autoencoder
