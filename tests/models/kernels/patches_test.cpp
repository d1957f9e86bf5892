#include "models/kernels/patches.h"

#include <gtest/gtest.h>
#include <torch/nn/functional/fold.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

constexpr int64_t kImages = 3;

struct Patches : ::testing::TestWithParam<PatchPlan> {
  const PatchPlan plan = GetParam();

  torch::Tensor images() const { return torch::randn({kImages, plan.channels, plan.height, plan.width}); }

  // Numbers that no image has.
  torch::Tensor room_for_patches() const {
    return torch::full({kImages * plan.places(), plan.patch_size()}, -100.0);
  }

  // As rows, in whatever way the plan has them.
  torch::Tensor rows(const torch::Tensor& patches) const {
    return plan.lies_in_columns() ? patches.view({plan.patch_size(), kImages * plan.places()}).t() : patches;
  }
};

torch::Tensor channels_last(const torch::Tensor& images) { return images.permute({0, 2, 3, 1}).contiguous(); }

TEST_P(Patches, AreThoseOfUnfold) {
  torch::manual_seed(1);
  const torch::Tensor from = images();
  const torch::Tensor patches = room_for_patches();
  gather_patches(plan, channels_last(from).const_data_ptr<float>(), kImages,
                 patches.mutable_data_ptr<float>());
  const torch::Tensor expected = torch::nn::functional::unfold(
      from, torch::nn::functional::UnfoldFuncOptions(plan.kernel).padding(plan.padding).stride(plan.stride));
  const torch::Tensor found =
      rows(patches).reshape({kImages, plan.places(), plan.kernel, plan.kernel, plan.channels});
  EXPECT_TRUE(torch::equal(found.permute({0, 4, 2, 3, 1}).reshape(expected.sizes()), expected));
}

TEST_P(Patches, ScatteringIsTheTransposeOfGathering) {
  torch::manual_seed(2);
  const torch::Tensor from = channels_last(images());
  const torch::Tensor weights = torch::randn({kImages * plan.places(), plan.patch_size()});
  const torch::Tensor patches = room_for_patches();
  const torch::Tensor sums = torch::zeros_like(from);
  gather_patches(plan, from.const_data_ptr<float>(), kImages, patches.mutable_data_ptr<float>());
  scatter_patches(plan, weights.const_data_ptr<float>(), kImages, sums.mutable_data_ptr<float>());
  EXPECT_NEAR((patches * weights).sum().item<double>(), (from * sums).sum().item<double>(), 1e-3);
}

// The same of bfloat16, as far as it holds numbers; sums are of float32.
TEST_P(Patches, OfBfloat16AreThoseOfTheSameNumbers) {
  torch::manual_seed(3);
  const torch::Tensor from = channels_last(images()).to(torch::kBFloat16);
  const torch::Tensor wide = from.to(torch::kFloat32);
  const torch::Tensor expected = room_for_patches();
  const torch::Tensor patches = expected.to(torch::kBFloat16);
  gather_patches(plan, from.const_data_ptr<c10::BFloat16>(), kImages,
                 patches.mutable_data_ptr<c10::BFloat16>());
  gather_patches(plan, wide.const_data_ptr<float>(), kImages, expected.mutable_data_ptr<float>());
  EXPECT_TRUE(torch::equal(patches.to(torch::kFloat32), expected));
  const torch::Tensor sums = torch::zeros_like(wide);
  const torch::Tensor expected_sums = torch::zeros_like(wide);
  scatter_patches(plan, patches.const_data_ptr<c10::BFloat16>(), kImages, sums.mutable_data_ptr<float>());
  scatter_patches(plan, expected.const_data_ptr<float>(), kImages, expected_sums.mutable_data_ptr<float>());
  EXPECT_TRUE(torch::equal(sums, expected_sums));
}

// 5 x 4 images under a 3 x 3 kernel: places at -1, 1, 3 down and -1, 1 across, of 2 channels and of 1; all
// places; and images narrower than the kernel.
INSTANTIATE_TEST_SUITE_P(Plans, Patches,
                         ::testing::Values(PatchPlan{2, 5, 4, 3, 2, 1, 3, 2},
                                           PatchPlan{1, 5, 4, 3, 2, 1, 3, 2},
                                           PatchPlan{1, 5, 4, 3, 1, 1, 5, 4},
                                           PatchPlan{2, 3, 2, 5, 1, 3, 5, 4},
                                           PatchPlan{1, 3, 2, 5, 3, 4, 3, 2}));

}  // namespace
}  // namespace autoencoder
