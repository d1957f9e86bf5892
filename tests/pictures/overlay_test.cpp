#include "pictures/overlay.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

TEST(Overlays, ShowThePictureGreyWhereNothingIsStrange) {
  const torch::Tensor pictures = torch::rand({2, 3, 6, 8});
  const torch::Tensor drawn = heat_over(pictures, torch::zeros({2, 1, 6, 8}));
  EXPECT_TRUE(torch::allclose(drawn, pictures.mean(1, true).expand({2, 3, 6, 8})));
}

TEST(Overlays, AreBrighterTheStrangerThePixel) {
  const torch::Tensor black = torch::zeros({1, 1, 1, 5});
  const torch::Tensor values = torch::tensor({0.0F, 0.25F, 0.5F, 1.0F, 7.0F}).view({1, 1, 1, 5});
  const torch::Tensor brightness = heat_over(black, values).mean(1).flatten();
  EXPECT_TRUE(brightness.narrow(0, 0, 4).diff().gt(0.02).all().item<bool>());
  EXPECT_EQ(brightness[4].item<float>(), brightness[3].item<float>()) << "clipped";
}

TEST(Overlays, HaveTheColoursOfTheirScale) {
  const torch::Tensor scale = heat_scale();
  EXPECT_EQ(scale.sizes(), (std::vector<int64_t>{3, 1, 256}));
  const torch::Tensor grey = torch::full({1, 1, 1, 1}, 0.5);
  EXPECT_TRUE(
      torch::allclose(heat_over(grey, torch::ones({1, 1, 1, 1})).flatten(), scale.select(2, 255).flatten()));
}

// A mask of two by two pixels has a line of twelve around it.
TEST(Overlays, OutlineMasksFromOutside) {
  torch::Tensor masks = torch::zeros({2, 1, 6, 6}, torch::kUInt8);
  masks[0][0].slice(0, 2, 4).slice(1, 2, 4).fill_(255);
  const torch::Tensor drawn = outlined(torch::full({2, 1, 6, 6}, 0.5), masks);
  EXPECT_EQ(drawn.sizes(), (std::vector<int64_t>{2, 3, 6, 6}));
  EXPECT_EQ((drawn[0][0] == 0).logical_and(drawn[0][1] == 1).sum().item<int64_t>(), 12);
  EXPECT_EQ(drawn[0][1][2][2].item<float>(), 0.5F);
  EXPECT_TRUE((drawn[1] == 0.5).all().item<bool>());
}

}  // namespace
}  // namespace autoencoder
