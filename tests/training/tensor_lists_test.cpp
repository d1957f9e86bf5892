#include "training/tensor_lists.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

// Of norm 5, in two parts.
std::vector<torch::Tensor> three_and_four() { return {torch::tensor({0.0, 3.0}), torch::tensor({4.0})}; }

TEST(ClipNorm, ShortensLongGradientsAlongTheirDirection) {
  const auto gradients = three_and_four();
  clip_norm(gradients, 1);
  EXPECT_TRUE(torch::allclose(gradients[0], torch::tensor({0.0, 0.6}), 0, 1e-6)) << gradients[0];
  EXPECT_TRUE(torch::allclose(gradients[1], torch::tensor({0.8}), 0, 1e-6)) << gradients[1];
}

TEST(ClipNorm, LeavesShortGradientsAsTheyAre) {
  const auto gradients = three_and_four();
  clip_norm(gradients, 10);
  EXPECT_TRUE(torch::equal(gradients[0], three_and_four()[0])) << gradients[0];
  EXPECT_TRUE(torch::equal(gradients[1], three_and_four()[1])) << gradients[1];
}

}  // namespace
}  // namespace autoencoder
