#include <torch/torch.h>

#include "common/random.h"
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

TEST(ConvolutionalBackbone, ACodeMayBeAPicture) {
  for (const char* backbone : {"conv", "conv-pool", "residual"}) {
    const Json options = {
        {"model", "plain"}, {"backbone", backbone}, {"channels", {8, 8}}, {"code-channels", 3}};
    const auto model = make_model(options, {1, 28, 27});
    EXPECT_EQ(model->code_shape(), (ImageShape{3, 7, 7})) << backbone;
    EXPECT_EQ(model->encode(torch::rand({2, 1, 28, 27})).sizes(), (std::vector<int64_t>{2, 3 * 7 * 7}));
    EXPECT_EQ(model->forward(torch::rand({2, 1, 28, 27})).sizes(), (std::vector<int64_t>{2, 1, 28, 27}));
  }
}

// The code's pixels lie where the image's do: a change in one corner moves the code in that corner alone.
TEST(ConvolutionalBackbone, APictureOfACodeKeepsPlaces) {
  torch::manual_seed(1);
  const auto model =
      make_model({{"model", "conv-pool"}, {"channels", {8, 8}}, {"activation", "silu"}, {"code-channels", 1}},
                 {1, 32, 32});
  torch::Tensor image = torch::rand({1, 1, 32, 32});
  const torch::Tensor before = model->encode(image).view({8, 8});
  image[0][0][0][0] += 1;
  const torch::Tensor moved = (model->encode(image).view({8, 8}) - before).abs() > 0;
  EXPECT_TRUE(moved[0][0].item<bool>());
  EXPECT_FALSE(moved.slice(0, 3).any().item<bool>());
  EXPECT_FALSE(moved.slice(1, 3).any().item<bool>());
}

TEST(ConvolutionalBackbone, APictureOfACodeKeepsTheSignalOfItsInput) {
  torch::manual_seed(1);
  for (const char* backbone : {"conv", "conv-pool"}) {
    const auto model =
        make_model({{"model", "plain"}, {"backbone", backbone}, {"code-channels", 16}}, {1, 28, 28});
    const double deviation = model->encode(torch::randn({8, 1, 28, 28})).std().item<double>();
    EXPECT_GT(deviation, 0.4) << backbone;  // of 1; LibTorch's own weights leave a tenth
    EXPECT_LT(deviation, 2.5) << backbone;
  }
}

TEST(DenseBackbone, TiedWeightsAreOneTensor) {
  const auto model = make_model(
      {{"model", "dense"}, {"hidden", {16}}, {"latent-dim", 4}, {"tied-weights", true}}, {1, 8, 8});
  EXPECT_THAT(model->named_parameters().keys(),
              ElementsAre("encoder.1.weight", "encoder.1.bias", "encoder.3.weight", "encoder.3.bias",
                          "decoder.0.bias", "decoder.2.bias"));
  const torch::Tensor code = torch::rand({3, 4});
  const auto parameters = model->named_parameters();
  const torch::Tensor hidden =
      torch::relu(code.mm(parameters["encoder.3.weight"]) + parameters["decoder.0.bias"]);
  const torch::Tensor output =
      torch::sigmoid(hidden.mm(parameters["encoder.1.weight"]) + parameters["decoder.2.bias"]);
  EXPECT_TRUE(torch::allclose(model->decode(code).flatten(1), output, 1e-5, 1e-6));
}

TEST(DenseBackbone, TiedWeightsNeedAnEncoderOfTheCodeAlone) {
  EXPECT_THAT(error_of([] {
                make_model({{"model", "vae"}, {"tied-weights", true}}, {1, 8, 8});
              }),
              HasSubstr("tied-weights needs an encoder that gives the code alone"));
}

TEST(DenseBackbone, DropoutAndBatchNormAreOfTrainingAlone) {
  const auto model = make_model({{"model", "dense"}, {"dropout", 0.5}, {"batch-norm", true}}, {1, 8, 8});
  const torch::Tensor input = torch::rand({4, 1, 8, 8});
  const Batch batch = {input, input, {}};
  const auto loss = [&](uint64_t seed) {
    return model->loss(batch, {make_generator(seed)}).total.item<double>();
  };
  EXPECT_EQ(loss(1), loss(1));
  EXPECT_NE(loss(1), loss(2));
  model->eval();
  EXPECT_EQ(loss(1), loss(2));
}

}  // namespace
}  // namespace autoencoder
