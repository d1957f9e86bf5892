#include "models/kernels/patches.h"

#include <gtest/gtest.h>
#include <torch/nn/functional/fold.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

// 5 x 4 images of 2 channels under a 3 x 3 kernel: places at -1, 1, 3 down and -1, 1 across.
constexpr PatchPlan kPlan = {2, 5, 4, 3, 2, 1, 3, 2};
constexpr int64_t kImages = 3;

TEST(Patches, AreThoseOfUnfold) {
  torch::manual_seed(1);
  const torch::Tensor images = torch::randn({kImages, 2, 5, 4});
  const torch::Tensor last = images.permute({0, 2, 3, 1}).contiguous();
  const torch::Tensor patches = torch::full({kImages * kPlan.places(), kPlan.patch_size()}, -1.0);
  gather_patches(kPlan, last.const_data_ptr<float>(), kImages, patches.mutable_data_ptr<float>());
  const torch::Tensor expected =
      torch::nn::functional::unfold(images, torch::nn::functional::UnfoldFuncOptions(3).padding(1).stride(2));
  EXPECT_TRUE(torch::equal(
      patches.view({kImages, 6, 3, 3, 2}).permute({0, 4, 2, 3, 1}).reshape({kImages, 18, 6}), expected));
}

TEST(Patches, ScatteringIsTheTransposeOfGathering) {
  torch::manual_seed(2);
  const torch::Tensor images = torch::randn({kImages, 5, 4, 2});
  const torch::Tensor weights = torch::randn({kImages * kPlan.places(), kPlan.patch_size()});
  const torch::Tensor patches = torch::empty_like(weights);
  const torch::Tensor sums = torch::zeros_like(images);
  gather_patches(kPlan, images.const_data_ptr<float>(), kImages, patches.mutable_data_ptr<float>());
  scatter_patches(kPlan, weights.const_data_ptr<float>(), kImages, sums.mutable_data_ptr<float>());
  EXPECT_NEAR((patches * weights).sum().item<double>(), (images * sums).sum().item<double>(), 1e-3);
}

// The same of bfloat16, as far as it holds numbers; sums are of float32.
TEST(Patches, OfBfloat16AreThoseOfTheSameNumbers) {
  torch::manual_seed(3);
  const torch::Tensor images = torch::randn({kImages, 5, 4, 2}).to(torch::kBFloat16);
  const torch::Tensor wide = images.to(torch::kFloat32);
  const torch::Tensor patches =
      torch::empty({kImages * kPlan.places(), kPlan.patch_size()}, torch::kBFloat16);
  const torch::Tensor expected = torch::empty(patches.sizes());
  gather_patches(kPlan, images.const_data_ptr<c10::BFloat16>(), kImages,
                 patches.mutable_data_ptr<c10::BFloat16>());
  gather_patches(kPlan, wide.const_data_ptr<float>(), kImages, expected.mutable_data_ptr<float>());
  EXPECT_TRUE(torch::equal(patches.to(torch::kFloat32), expected));
  const torch::Tensor sums = torch::zeros_like(wide);
  const torch::Tensor expected_sums = torch::zeros_like(wide);
  scatter_patches(kPlan, patches.const_data_ptr<c10::BFloat16>(), kImages, sums.mutable_data_ptr<float>());
  scatter_patches(kPlan, expected.const_data_ptr<float>(), kImages, expected_sums.mutable_data_ptr<float>());
  EXPECT_TRUE(torch::equal(sums, expected_sums));
}

}  // namespace
}  // namespace autoencoder
