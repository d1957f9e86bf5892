#include <torch/torch.h>

#include "models/registry.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;

// "encoder.1.weight" -> its sizes
std::vector<int64_t> sizes_of(const Autoencoder& model, const std::string& parameter) {
  return model.named_parameters()[parameter].sizes().vec();
}

TEST(DenseBackbone, MirrorsItsHiddenLayers) {
  const auto model =
      make_model({{"model", "dense"}, {"hidden", {256, 128}}, {"latent-dim", 32}}, {1, 28, 28});
  EXPECT_THAT(sizes_of(*model, "encoder.1.weight"), ElementsAre(256, 784));
  EXPECT_THAT(sizes_of(*model, "encoder.3.weight"), ElementsAre(128, 256));
  EXPECT_THAT(sizes_of(*model, "encoder.5.weight"), ElementsAre(32, 128));
  EXPECT_THAT(sizes_of(*model, "decoder.0.weight"), ElementsAre(128, 32));
  EXPECT_THAT(sizes_of(*model, "decoder.2.weight"), ElementsAre(256, 128));
  EXPECT_THAT(sizes_of(*model, "decoder.4.weight"), ElementsAre(784, 256));
}

TEST(DenseBackbone, HasOneLayerEachWayWithoutHiddenOnes) {
  const auto model =
      make_model({{"model", "dense"}, {"hidden", Json::array()}, {"latent-dim", 4}}, {1, 8, 8});
  EXPECT_EQ(model->parameters().size(), 4);
  EXPECT_THAT(sizes_of(*model, "encoder.1.weight"), ElementsAre(4, 64));
}

TEST(ConvolutionalBackbone, HalvesHeightAndWidthAtEachConvolution) {
  const auto model = make_model({{"model", "conv"}, {"channels", {32, 64}}}, {1, 28, 28});
  EXPECT_THAT(sizes_of(*model, "encoder.0.weight"), ElementsAre(32, 1, 3, 3));
  EXPECT_THAT(sizes_of(*model, "encoder.2.weight"), ElementsAre(64, 32, 3, 3));
  EXPECT_THAT(sizes_of(*model, "encoder.5.weight"), ElementsAre(32, 64 * 7 * 7));
  EXPECT_THAT(sizes_of(*model, "decoder.5.weight"), ElementsAre(32, 1, 3, 3));
}

TEST(ConvolutionalBackbone, TakesAnySizeFromEightByEight) {
  for (const ImageShape& shape : {ImageShape{1, 8, 8}, {3, 9, 13}, {1, 27, 28}, {3, 64, 33}}) {
    const auto model = make_model({{"model", "conv"}, {"channels", {4, 6, 8}}, {"latent-dim", 5}}, shape);
    const torch::Tensor input = torch::rand({2, shape.channels, shape.height, shape.width});
    EXPECT_EQ(model->encode(input).sizes(), (std::vector<int64_t>{2, 5})) << shape.text();
    EXPECT_EQ(model->forward(input).sizes(), input.sizes()) << shape.text();
  }
}

TEST(ConvolutionalBackbone, RefusesWhatIsTooSmall) {
  EXPECT_THAT(error_of([] {
                make_model({{"model", "conv"}}, {1, 7, 28});
              }),
              HasSubstr("takes images of 8x8 and larger, not 7x28; use --backbone dense"));
  EXPECT_THAT(error_of([] {
                make_model({{"model", "conv"}, {"channels", Json::array()}}, {1, 8, 8});
              }),
              HasSubstr("channels is empty"));
}

}  // namespace
}  // namespace autoencoder
