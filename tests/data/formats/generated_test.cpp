#include "data/formats/generated.h"

#include <numbers>

#include <torch/types.h>

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;

constexpr double kPi = std::numbers::pi;

// N x D, without noise unless it is asked for.
torch::Tensor points_of(const std::string& name, GeneratedOptions options = {.noise = 0}) {
  const torch::Tensor points = generate_points(name, options).train.images.all();
  return points.view({points.size(0), -1});
}

TEST(Generated, HasItsUsualNumberOfPoints) {
  EXPECT_THAT(generated_names(), ElementsAre("circle", "spiral", "swiss-roll"));
  const std::vector<std::pair<int64_t, int64_t>> expected = {{500, 2}, {1000, 2}, {2000, 3}};
  for (size_t i = 0; i < expected.size(); ++i) {
    const DataSource source = generate_points(generated_names()[i], {});
    const auto [count, dimensions] = expected[i];
    EXPECT_EQ(source.name, generated_names()[i]);
    EXPECT_EQ(source.train.images.all().sizes(), torch::IntArrayRef({count, 1, 1, dimensions}))
        << source.name;
    EXPECT_EQ(source.train.images.all().scalar_type(), torch::kFloat32);
    EXPECT_EQ(source.train.labels.size(0), count);
    EXPECT_TRUE(source.test.empty());
  }
}

TEST(Generated, OtherNamesAreNot) {
  EXPECT_TRUE(is_generated("swiss-roll"));
  EXPECT_FALSE(is_generated("mnist"));
  EXPECT_FALSE(is_generated(""));
}

TEST(Generated, TheSeedDecidesThePoints) {
  for (const std::string& name : generated_names()) {
    const torch::Tensor points = points_of(name, {.points = 50, .seed = 7});
    torch::rand({3});  // the global generator has no part in it
    EXPECT_TRUE(torch::equal(points, points_of(name, {.points = 50, .seed = 7}))) << name;
    EXPECT_FALSE(torch::equal(points, points_of(name, {.points = 50, .seed = 8}))) << name;
  }
}

TEST(Generated, NoiseIsOfTheWantedSize) {
  for (const std::string& name : generated_names()) {
    const torch::Tensor clean = points_of(name, {.points = 20'000, .noise = 0});
    const torch::Tensor noise = points_of(name, {.points = 20'000, .noise = 0.3}) - clean;
    EXPECT_NEAR(noise.std().item<double>(), 0.3, 0.005) << name;
    EXPECT_NEAR(noise.mean().item<double>(), 0, 0.005) << name;
  }
}

TEST(Generated, UsualNoise) {
  for (const auto& [name, expected] :
       {std::pair("circle", 0.05), std::pair("spiral", 0.02), std::pair("swiss-roll", 0.02)}) {
    const torch::Tensor noise = points_of(name, {}) - points_of(name);
    EXPECT_NEAR(noise.std().item<double>() / expected, 1, 0.1) << name;
  }
}

TEST(Generated, AllEighthsHaveTheirShareOfPoints) {
  for (const std::string& name : generated_names()) {
    const torch::Tensor labels = generate_points(name, {.points = 8000}).train.labels;
    const torch::Tensor counts = torch::bincount(labels);
    ASSERT_EQ(counts.size(0), 8) << name;
    EXPECT_GT(counts.min().item<int64_t>(), 850) << name;
    EXPECT_LT(counts.max().item<int64_t>(), 1150) << name;
  }
}

TEST(Generated, CircleHasRadius1AndSectorsForLabels) {
  const Dataset circle = generate_points("circle", {.noise = 0}).train;
  const torch::Tensor points = circle.images.all().view({-1, 2});
  EXPECT_TRUE(torch::allclose(points.norm(2, 1), torch::ones({500})));
  const torch::Tensor angle = torch::atan2(points.select(1, 1), points.select(1, 0)).remainder(2 * kPi);
  const torch::Tensor sector = (angle / (kPi / 4)).floor().to(torch::kInt64);
  EXPECT_GT((sector == circle.labels).sum().item<int64_t>(), 498);  // rounding may move one across a border
}

TEST(Generated, SpiralTurnsByItsRadius) {
  const Dataset spiral = generate_points("spiral", {.noise = 0}).train;
  const torch::Tensor points = spiral.images.all().view({-1, 2});
  const torch::Tensor radius = points.norm(2, 1);
  const torch::Tensor angle = 3 * kPi * radius;
  EXPECT_TRUE(torch::allclose(points.select(1, 0), radius * angle.cos(), 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(points.select(1, 1), radius * angle.sin(), 1e-4, 1e-5));
  EXPECT_GT(radius.max().item<float>(), 0.99);
  EXPECT_TRUE(((radius * 8).floor().to(torch::kInt64) - spiral.labels).abs().max().item<int64_t>() <= 1);
}

// scikit-learn's: (t cos t, 21 u, t sin t), t from 1.5 pi to 4.5 pi.
TEST(Generated, SwissRollIsThatOfScikitLearnScaled) {
  const Dataset roll = generate_points("swiss-roll", {.noise = 0}).train;
  const torch::Tensor points = roll.images.all().view({-1, 3}) * (4.5 * kPi);
  const torch::Tensor x = points.select(1, 0);
  const torch::Tensor z = points.select(1, 2);
  const torch::Tensor angle = torch::sqrt(x.square() + z.square());
  EXPECT_TRUE(torch::allclose(x, angle * angle.cos(), 1e-3, 1e-3));
  EXPECT_TRUE(torch::allclose(z, angle * angle.sin(), 1e-3, 1e-3));
  EXPECT_NEAR(angle.min().item<double>(), 1.5 * kPi, 0.05);
  EXPECT_NEAR(angle.max().item<double>(), 4.5 * kPi, 0.05);
  EXPECT_NEAR(points.select(1, 1).max().item<double>(), 10.5, 0.1);
  EXPECT_NEAR(points.select(1, 1).min().item<double>(), -10.5, 0.1);
  EXPECT_LE(roll.images.all().abs().max().item<float>(), 1);
}

}  // namespace
}  // namespace autoencoder
