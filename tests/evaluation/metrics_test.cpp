#include "evaluation/metrics.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

torch::Tensor image(const std::vector<float>& pixels) { return torch::tensor(pixels).view({1, 1, 2, -1}); }

// A slanted pattern in sixteen shades, and the same bent more and more towards the lower right.
struct Pattern {
  torch::Tensor original;
  torch::Tensor bent;
};

Pattern pattern(int64_t channels, int64_t height, int64_t width) {
  const torch::Tensor channel = torch::arange(channels).view({-1, 1, 1});
  const torch::Tensor row = torch::arange(height).view({-1, 1});
  const torch::Tensor column = torch::arange(width);
  const torch::Tensor slanted = 7 * row + 3 * column + 5 * channel;
  const auto shades = [](const torch::Tensor& values) { return (values.remainder(16) / 16.0).unsqueeze(0); };
  return {shades(slanted), shades(slanted + row * column)};
}

double similarity(const torch::Tensor& original, const torch::Tensor& reconstruction) {
  return structural_similarity(original, reconstruction).item<double>();
}

TEST(Metrics, ErrorsOfEachImageByItself) {
  const torch::Tensor original = torch::cat({image({0, 0.5, 1, 1}), image({0, 0, 0, 0})});
  const torch::Tensor reconstruction = torch::cat({image({0.5, 0.5, 0, 0.75}), image({0.5, 0, 0, 0})});
  // (0.25 + 0 + 1 + 0.0625) / 4 and 0.25 / 4; (0.5 + 0 + 1 + 0.25) / 4 and 0.5 / 4.
  EXPECT_TRUE(
      torch::equal(mean_squared_error(original, reconstruction), torch::tensor({0.328125F, 0.0625F})));
  EXPECT_TRUE(torch::equal(mean_absolute_error(original, reconstruction), torch::tensor({0.4375F, 0.125F})));
}

TEST(Metrics, ErrorsAreMeansOverChannelsToo) {
  const torch::Tensor black = torch::zeros({2, 3, 4, 4});
  torch::Tensor red = black.clone();
  red.select(1, 0).fill_(1);
  EXPECT_TRUE(torch::allclose(mean_squared_error(black, red), torch::full({2}, 1.0 / 3)));
}

TEST(Metrics, SignalToNoiseRatioInDecibels) {
  const torch::Tensor original = torch::zeros({2, 1, 4, 4});
  torch::Tensor reconstruction = torch::full({2, 1, 4, 4}, 0.1);
  reconstruction[1].fill_(0.01);
  // MSE 0.01 and 0.0001.
  EXPECT_TRUE(
      torch::allclose(peak_signal_to_noise_ratio(original, reconstruction), torch::tensor({20.0F, 40.0F})));
}

TEST(Metrics, SignalToNoiseRatioOfAPerfectImageIs100) {
  const torch::Tensor original = torch::rand({3, 1, 4, 4});
  EXPECT_TRUE(torch::allclose(peak_signal_to_noise_ratio(original, original), torch::full({3}, 100.0)));
}

// Numbers of scikit-image 0.26:
//   import numpy as np
//   from skimage.metrics import structural_similarity
//   k, i, j = np.meshgrid(np.arange(3), np.arange(16), np.arange(20), indexing='ij')
//   x, y = (7*i + 3*j + 5*k) % 16 / 16, (7*i + 3*j + 5*k + i*j) % 16 / 16
//   how = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1)
//   structural_similarity(x[0], y[0], **how); structural_similarity(x, y, channel_axis=0, **how)
//   structural_similarity(x[0], np.sqrt(x[0]), **how)
TEST(Metrics, StructuralSimilarityAsScikitImage) {
  const auto [grey, bent_grey] = pattern(1, 16, 20);
  EXPECT_NEAR(similarity(grey, bent_grey), 0.01221592, 1e-6);
  EXPECT_NEAR(similarity(grey, grey.sqrt()), 0.91736181, 1e-6);
  const auto [colour, bent_colour] = pattern(3, 16, 20);
  EXPECT_NEAR(similarity(colour, bent_colour), 0.01974438, 1e-6);
}

// scikit-image cuts no window to the image, so these are of NumPy, x and y as above:
//   g = np.exp(-(np.arange(n) - n // 2)**2 / 4.5); g /= g.sum()           # n = 9, 7
//   mean = lambda v: np.einsum('abij,i,j->ab', np.lib.stride_tricks.sliding_window_view(v, (n, n)), g, g)
//   mx, my = mean(x), mean(y); vx, vy, c = mean(x*x) - mx*mx, mean(y*y) - my*my, mean(x*y) - mx*my
//   np.mean((2*mx*my + 1e-4) * (2*c + 9e-4) / ((mx**2 + my**2 + 1e-4) * (vx + vy + 9e-4)))
TEST(Metrics, StructuralSimilarityTakesASmallerWindowForSmallerImages) {
  const auto [nine, bent_nine] = pattern(1, 9, 12);
  EXPECT_NEAR(similarity(nine, bent_nine), -0.11942407, 1e-6);
  const auto [eight, bent_eight] = pattern(1, 8, 8);
  EXPECT_NEAR(similarity(eight, bent_eight), -0.12419592, 1e-6);
}

TEST(Metrics, StructuralSimilarityOfEachImageByItself) {
  const auto [original, bent] = pattern(1, 16, 20);
  const torch::Tensor both =
      structural_similarity(torch::cat({original, original}), torch::cat({original, bent}));
  EXPECT_EQ(both.scalar_type(), torch::kFloat32);
  EXPECT_TRUE(torch::allclose(both, torch::tensor({1.0F, 0.01221592F})));
}

TEST(Metrics, CrossEntropyInNats) {
  const torch::Tensor original = torch::cat({image({1, 0, 1, 0}), image({0.5, 0.5, 0.5, 0.5})});
  const torch::Tensor reconstruction = torch::cat({image({0.5, 0.5, 1, 0}), image({0.5, 0.5, 0.25, 0.25})});
  // -(2 ln 0.5) / 4 and -(2 ln 0.5 + ln 0.25 + ln 0.75) / 4.
  EXPECT_TRUE(torch::allclose(autoencoder::binary_cross_entropy(original, reconstruction),
                              torch::tensor({0.34657359F, 0.76506771F})));
}

TEST(Metrics, CrossEntropyOfACertainMistakeIs100) {
  EXPECT_EQ(autoencoder::binary_cross_entropy(image({1, 1}), image({0, 0})).item<float>(), 100);
}

TEST(Metrics, ImagesOfDifferentSizesAreAMistakeOfTheProgram) {
  EXPECT_THROW(mean_squared_error(torch::zeros({2, 1, 4, 4}), torch::zeros({1, 1, 4, 4})), c10::Error);
}

}  // namespace
}  // namespace autoencoder
