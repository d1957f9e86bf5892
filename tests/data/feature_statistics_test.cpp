#include "data/feature_statistics.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"

namespace autoencoder {
namespace {

// More than one pass shows at once; the last feature never varies.
torch::Tensor vectors() {
  const torch::Tensor spread = torch::tensor({2.0F, 100.0F, 0.0F});
  return (torch::rand({kExamplesInPass + 500, 3}, make_generator(1)) * spread + 7).view({-1, 1, 1, 3});
}

TEST(FeatureStatistics, AreThoseOfAllExamplesTogether) {
  const torch::Tensor all = vectors();
  const Pass pass = Examples(all).pass();
  const FeatureRange range = range_of(pass);
  EXPECT_TRUE(torch::equal(range.min, all.amin(0)));
  EXPECT_TRUE(torch::equal(range.max, all.amax(0)));
  const torch::Tensor exact = all.to(torch::kFloat64);
  const torch::Tensor mean = mean_of(pass);
  EXPECT_TRUE(torch::allclose(mean, exact.mean(0), 1e-12));
  EXPECT_TRUE(torch::allclose(standard_deviation_of(pass, mean), exact.std(0, /*unbiased=*/false), 1e-12));
}

TEST(FeatureStatistics, KeepTheirDigitsFarFromZero) {
  const torch::Tensor offset = torch::full({1}, 1e6, torch::kFloat64);
  const Examples examples = vectors().to(torch::kFloat64) + offset;
  const Pass pass = examples.pass();
  EXPECT_TRUE(torch::allclose(standard_deviation_of(pass, mean_of(pass)).flatten(),
                              examples.all().to(torch::kFloat64).std(0, /*unbiased=*/false).flatten(), 1e-9));
}

}  // namespace
}  // namespace autoencoder
