#include "data/scaling.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/random.h"

namespace autoencoder {
namespace {

// Three features of their own ranges; the last never varies.
torch::Tensor vectors() {
  const torch::Tensor spread = torch::tensor({2.0F, 100.0F, 0.0F});
  const torch::Tensor offset = torch::tensor({-5.0F, 10.0F, 7.0F});
  return (torch::rand({400, 3}, make_generator(1)) * spread + offset).view({400, 1, 1, 3});
}

torch::Tensor scaled(const std::string& name) {
  const Scaling scaling = fit_scaling(choice_named(scaling_kinds(), name), vectors());
  return ((vectors() - scaling.offset) / scaling.factor).flatten(1);
}

TEST(Scaling, MinmaxTakesEachFeatureToTheUnitRange) {
  const torch::Tensor values = scaled("minmax");
  EXPECT_TRUE(torch::allclose(values.amin(0), torch::zeros({3})));
  EXPECT_TRUE(torch::allclose(values.amax(0), torch::tensor({1.0F, 1.0F, 0.0F})));
}

TEST(Scaling, StandardTakesEachFeatureToMeanZeroAndDeviationOne) {
  const torch::Tensor values = scaled("standard");
  EXPECT_TRUE(torch::allclose(values.mean(0), torch::zeros({3}), 0, 1e-4));
  EXPECT_TRUE(torch::allclose(values.std(0, false), torch::tensor({1.0F, 1.0F, 0.0F}), 1e-3, 1e-4));
}

}  // namespace
}  // namespace autoencoder
