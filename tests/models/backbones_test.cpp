#include <set>

#include <torch/csrc/autograd/autograd.h>
#include <torch/nn/modules/container/any.h>
#include <torch/types.h>

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
    EXPECT_EQ(model->encode(torch::rand({2, 1, 28, 27})).sizes(),
              (std::vector<int64_t>{2, int64_t{3} * 7 * 7}));
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

// Every registered model on a convolutional backbone, those that may be on any included.
std::vector<Json> convolutional_models() {
  const std::set<std::string> backbones = {"conv", "conv-pool", "residual"};
  std::vector<Json> all;
  for (const ModelEntry& entry : models()) {
    if (backbones.contains(entry.backbone)) {
      all.push_back({{"model", entry.name}});
    } else if (entry.backbone.empty()) {
      all.push_back({{"model", entry.name}, {"backbone", "conv"}});
    }
  }
  return all;
}

TEST(ConvolutionalBackbone, ACodeMayBeAPictureInEveryFamilyAtEverySize) {
  for (Json options : convolutional_models()) {
    options.update({{"channels", {4, 4, 6}}, {"code-channels", 2}});
    for (const ImageShape& shape : {ImageShape{1, 28, 28}, {3, 64, 80}, {3, 65, 67}}) {
      const auto model = make_model(options, shape);
      EXPECT_EQ(model->code_shape(), (ImageShape{2, (shape.height + 7) / 8, (shape.width + 7) / 8}));
      const torch::Tensor input = torch::rand({2, shape.channels, shape.height, shape.width});
      model->loss({input, input, {}}, {make_generator(1)}).total.backward();
      for (const auto& parameter : model->named_parameters()) {
        ASSERT_TRUE(parameter.value().grad().defined()) << options << shape.text() << parameter.key();
        EXPECT_TRUE(parameter.value().grad().isfinite().all().item<bool>()) << options << shape.text();
      }
      EXPECT_EQ(model->forward(input).sizes(), input.sizes()) << options << shape.text();
    }
  }
}

std::vector<ImageShape> levels(const Json& options, const ImageShape& shape) {
  return make_backbone(options)->levels(shape);
}

TEST(ConvolutionalBackbone, ItsDepthFitsThePicture) {
  const auto fitting = [](const ImageShape& shape) { return levels({{"model", "conv"}}, shape); };
  EXPECT_THAT(fitting({1, 8, 8}),
              ElementsAre(ImageShape{1, 8, 8}, ImageShape{32, 4, 4}, ImageShape{64, 2, 2}));
  EXPECT_THAT(fitting({1, 28, 28}),
              ElementsAre(ImageShape{1, 28, 28}, ImageShape{32, 14, 14}, ImageShape{64, 7, 7}));
  EXPECT_THAT(fitting({3, 32, 100}),
              ElementsAre(ImageShape{3, 32, 100}, ImageShape{32, 16, 50}, ImageShape{64, 8, 25}));
  EXPECT_THAT(fitting({3, 100, 65}),
              ElementsAre(ImageShape{3, 100, 65}, ImageShape{32, 50, 33}, ImageShape{64, 25, 17},
                          ImageShape{128, 13, 9}, ImageShape{128, 7, 5}));
  EXPECT_EQ(fitting({3, 512, 512}).back(), (ImageShape{128, 8, 8}));
}

TEST(ConvolutionalBackbone, ChannelsThatAreNamedWin) {
  EXPECT_THAT(levels({{"model", "conv"}, {"channels", {4, 6}}}, {3, 128, 128}),
              ElementsAre(ImageShape{3, 128, 128}, ImageShape{4, 64, 64}, ImageShape{6, 32, 32}));
  EXPECT_THAT(error_of([] {
                levels({{"model", "conv"}, {"channels", {32, 0}}}, {1, 28, 28});
              }),
              HasSubstr("channels is 32,0; name at least one level"));
}

TEST(Backbones, TheirLevelsAreShapesThatTheEncoderPutsOut) {
  for (const std::string& backbone : backbone_names()) {
    const Json options = {{"model", "plain"}, {"backbone", backbone}};
    const ImageShape shape = {3, 20, 24};
    const auto model = make_model(options, shape);
    torch::Tensor values = torch::rand({1, 3, 20, 24});
    std::vector<int64_t> sizes = {values.numel()};
    for (torch::nn::AnyModule& layer : *model->stages().front().layers) {
      values = layer.forward(values);
      sizes.push_back(values.numel());
    }
    const std::vector<ImageShape> shapes = levels(options, shape);
    EXPECT_GE(shapes.size(), 2) << backbone;
    EXPECT_EQ(shapes.front(), shape) << backbone;
    for (const ImageShape& level : shapes) {
      EXPECT_THAT(sizes, ::testing::Contains(level.size())) << backbone;
    }
  }
}

TEST(Backbones, TheOneOfPatchesKnowsTokens) {
  for (const std::string& backbone : backbone_names()) {
    EXPECT_EQ(make_backbone({{"model", "plain"}, {"backbone", backbone}})->tokens() != nullptr,
              backbone == "transformer")
        << backbone;
  }
}

// Parameters by the dimensions of their names: the normalisation's are vectors that are no bias.
int64_t normalisations_in(const Autoencoder& model) {
  int64_t count = 0;
  for (const auto& parameter : model.named_parameters()) {
    count += parameter.key().ends_with("weight") && parameter.value().dim() == 1 ? 1 : 0;
  }
  return count;
}

TEST(ConvolutionalBackbone, LargePicturesAreNormalisedUnlessTheUserSaysOtherwise) {
  const auto count = [](const char* backbone, const char* norm, int64_t side) {
    return normalisations_in(*make_model(
        {{"model", "plain"}, {"backbone", backbone}, {"channels", {8, 8}}, {"norm", norm}}, {3, side, side}));
  };
  for (const char* backbone : {"conv", "conv-pool"}) {
    EXPECT_EQ(count(backbone, "auto", 63), 0) << backbone;
    EXPECT_EQ(count(backbone, "auto", 64), 3) << backbone;  // two levels down, one up: the last is the output
    EXPECT_EQ(count(backbone, "none", 64), 0) << backbone;
    EXPECT_EQ(count(backbone, "batch", 28), 3) << backbone;
  }
  EXPECT_EQ(count("residual", "auto", 28), 12);
  EXPECT_EQ(count("residual", "none", 28), 0);
}

TEST(ConvolutionalBackbone, ARunThatIsOlderThanItsOptionsKeepsItsNetwork) {
  const Json kept = {{"model", "conv"}, {"backbone", "conv"}, {"channels", {8, 8}}, {"code-channels", 0}};
  EXPECT_EQ(normalisations_in(*make_model(kept_options(kept), {3, 64, 64})), 0);
  EXPECT_EQ(kept_options(kept).at("upsampling"), "transposed");
  Json residual = kept;
  residual["model"] = residual["backbone"] = "residual";
  EXPECT_EQ(kept_options(residual).at("norm"), "group");
  Json of_today = kept;
  of_today["norm"] = "auto";
  EXPECT_EQ(kept_options(of_today).at("norm"), "auto");
}

TEST(ConvolutionalBackbone, RepeatsPixelsOfLargePicturesInPlaceOfTransposedConvolutions) {
  const auto kinds_of_decoder = [](const Json& more, int64_t side) {
    Json options = {{"model", "conv"}, {"channels", {4, 4}}};
    options.update(more);
    const auto model = make_model(options, {1, side, side});
    std::vector<std::string> names;
    for (const auto& layer : model->stages().back().layers->children()) {
      names.push_back(layer->name());
    }
    return names;
  };
  const Json usual = Json::object();
  const auto transposed = ::testing::Contains(HasSubstr("ConvTranspose2d"));
  EXPECT_THAT(kinds_of_decoder(usual, 32), transposed);
  EXPECT_THAT(kinds_of_decoder(usual, 64), ::testing::Not(transposed));
  EXPECT_THAT(kinds_of_decoder(usual, 64), ::testing::Contains(HasSubstr("RepeatedPixels")));
  EXPECT_THAT(kinds_of_decoder({{"upsampling", "transposed"}}, 64), transposed);
  EXPECT_THAT(kinds_of_decoder({{"upsampling", "nearest"}}, 32), ::testing::Not(transposed));
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

TEST(Conv1dBackbone, BlocksTogetherAddAsMuchAsOneDoes) {
  const auto spread_of = [](const Json& dilations) {
    torch::manual_seed(5);
    const auto model = make_model({{"model", "conv1d"}, {"dilations", dilations}}, {2, 1, 64});
    const torch::NoGradGuard no_grad;
    return model->forward(torch::randn({100, 2, 1, 64})).std().item<double>();
  };
  EXPECT_LT(spread_of({1, 2, 4, 8}), 4 * spread_of({1}));
}

// The steps of a window of 64 on which the middle of the code depends.
int64_t steps_seen(const Json& dilations) {
  torch::manual_seed(3);
  const auto model = make_model({{"model", "conv1d"},
                                 {"channels", {4}},
                                 {"kernel", 3},
                                 {"dilations", dilations},
                                 {"activation", "tanh"},
                                 {"code-channels", 1}},
                                {1, 1, 64});
  const torch::Tensor input = torch::rand({1, 1, 1, 64}).requires_grad_();
  const torch::Tensor code = model->encode(input);
  return torch::autograd::grad({code[0][16]}, {input})[0].count_nonzero().item<int64_t>();
}

TEST(Conv1dBackbone, DilationsSeeFurther) {
  // Two kernels of 3, the first with stride 2, see 3 + 2 * 2 steps; a dilated one between them 2 * 2 * D
  // more.
  EXPECT_EQ(steps_seen(Json::array()), 7);
  EXPECT_EQ(steps_seen({5}), 3 * 7);  // of every fifth step: what lies between is not seen
  EXPECT_EQ(steps_seen({1}), 7 + 2 * 2);
  EXPECT_EQ(steps_seen({1, 2}), 7 + 2 * 2 * 3);
}

TEST(Conv1dBackbone, HalvesTheLengthAndTakesColumnsAsChannels) {
  const Json given = {{"model", "conv1d"}, {"channels", {6, 5}}, {"dilations", Json::array()}, {"kernel", 7}};
  const auto model = make_model(given, {3, 1, 30});
  EXPECT_THAT(sizes_of(*model, "encoder.0.weight"), ElementsAre(6, 3, 7));
  EXPECT_THAT(sizes_of(*model, "encoder.2.weight"), ElementsAre(5, 6, 7));
  EXPECT_THAT(sizes_of(*model, "encoder.5.weight"), ElementsAre(32, 5 * 8));
  const auto levels = make_backbone(given)->levels({3, 1, 30});
  EXPECT_EQ(levels.back(), (ImageShape{5, 1, 8}));
  EXPECT_EQ(model->forward(torch::rand({2, 3, 1, 30})).sizes(), (std::vector<int64_t>{2, 3, 1, 30}));
}

TEST(Conv1dBackbone, ItsConvolutionIsThatOfLibTorch) {
  torch::manual_seed(4);
  const torch::NoGradGuard no_grad;
  const auto model = make_model(
      {{"model", "conv1d"}, {"channels", {5}}, {"kernel", 3}, {"dilations", {3}}, {"code-channels", 2}},
      {2, 1, 21});
  const auto parameters = model->named_parameters();
  const torch::Tensor input = torch::rand({4, 2, 21});
  torch::Tensor expected =
      torch::conv1d(input, parameters["encoder.0.weight"], parameters["encoder.0.bias"], 2, 1);
  expected = expected + torch::conv1d(expected.relu(), parameters["encoder.1.branch.1.weight"],
                                      parameters["encoder.1.branch.1.bias"], 1, 3, 3);
  expected =
      torch::conv1d(expected.relu(), parameters["encoder.3.weight"], parameters["encoder.3.bias"], 1, 1);
  EXPECT_TRUE(torch::allclose(model->encode(input.unsqueeze(2)), expected.flatten(1), 1e-4, 1e-5));
}

TEST(Conv1dBackbone, TakesAsManyLevelsAsTheSeriesNeeds) {
  const auto levels = make_backbone({{"model", "conv1d"}})->levels({1, 1, 100});
  EXPECT_EQ(levels.size(), 1 + 4);
  EXPECT_EQ(levels.back(), (ImageShape{128, 1, 7}));
}

TEST(Conv1dBackbone, RefusesWhatItCannotBe) {
  const auto refusal = [](const Json& options, int64_t steps) {
    return error_of([&] {
      Json given = options;
      given["model"] = "conv1d";
      make_model(given, {1, 1, steps});
    });
  };
  EXPECT_THAT(refusal({}, 7),
              HasSubstr("takes series of 8 steps and more, not 7 numbers; use --backbone dense"));
  EXPECT_THAT(refusal({{"kernel", 4}}, 16),
              HasSubstr("kernel is 4; convolutions keep their middle, so give an odd"));
  EXPECT_THAT(refusal({{"channels", {8, 0}}}, 16), HasSubstr("channels is 8,0; name at least one level"));
}

}  // namespace
}  // namespace autoencoder
