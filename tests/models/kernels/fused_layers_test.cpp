#include "models/kernels/fused_layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/enum.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/functional.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/modules/pooling.h>
#include <torch/nn/modules/upsampling.h>
#include <torch/types.h>

#include "models/activation.h"
#include "models/kernels/bfloat16.h"
#include "models/kernels/repeated_pixels.h"
#include "models/normalisation.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;
using torch::nn::ConvTranspose2d;
using torch::nn::ConvTranspose2dOptions;
using torch::nn::Linear;

struct Layers {
  std::string name;
  std::function<torch::nn::Sequential()> make;
  std::vector<int64_t> input;

  friend void PrintTo(const Layers& printed, std::ostream* out) { *out << printed.name; }
};

torch::nn::Sequential dense() {
  return torch::nn::Sequential(torch::nn::Flatten(), Linear(12, 9), torch::nn::ReLU(), Linear(9, 7),
                               torch::nn::Tanh(), torch::nn::ELU(), Linear(7, 5), Linear(5, 6),
                               torch::nn::Sigmoid(), torch::nn::LayerNorm(torch::nn::LayerNormOptions({6})),
                               Linear(torch::nn::LinearOptions(6, 4).bias(false)));
}

torch::nn::Sequential tokens() {
  return torch::nn::Sequential(Linear(4, 3), torch::nn::ReLU(), Linear(3, 2));
}

torch::nn::Sequential convolutions() {
  return torch::nn::Sequential(Conv2d(Conv2dOptions(1, 4, 3).stride(2).padding(1)), torch::nn::ReLU(),
                               Conv2d(Conv2dOptions(4, 3, 3).padding(1)), torch::nn::MaxPool2d(2),
                               Conv2d(Conv2dOptions(3, 2, 2)), torch::nn::Sigmoid());
}

torch::nn::Sequential transposed_convolutions() {
  return torch::nn::Sequential(
      ConvTranspose2d(ConvTranspose2dOptions(2, 4, 3).stride(2).padding(1).output_padding({1, 0})),
      torch::nn::Tanh(), ConvTranspose2d(ConvTranspose2dOptions(4, 3, 4).stride(2).padding(1)),
      torch::nn::ReLU(), ConvTranspose2d(ConvTranspose2dOptions(3, 1, 3)));
}

// Fewer channels than are taken, with every padding that has a transposed kernel, and one that has none.
torch::nn::Sequential narrowing_convolutions() {
  return torch::nn::Sequential(Conv2d(Conv2dOptions(6, 5, 3)), torch::nn::ReLU(),
                               Conv2d(Conv2dOptions(5, 4, 3).padding(1)), torch::nn::Sigmoid(),
                               Conv2d(Conv2dOptions(4, 3, 3).padding(2)), Conv2d(Conv2dOptions(3, 2, 1)),
                               Conv2d(Conv2dOptions(2, 1, 2).padding(2)));
}

// The patches of each image are more than are gathered at once.
torch::nn::Sequential convolutions_of_large_images() {
  return torch::nn::Sequential(Conv2d(Conv2dOptions(3, 4, 3).padding(1)), torch::nn::Tanh(),
                               Conv2d(Conv2dOptions(4, 2, 3).padding(1)),
                               ConvTranspose2d(ConvTranspose2dOptions(2, 3, 3).padding(1)));
}

// Doubled with a convolution that is one with it, doubled with others, and repeated to odd sides.
torch::nn::Sequential repeated_pixels() {
  return torch::nn::Sequential(RepeatedPixels(6, 10), Conv2d(Conv2dOptions(2, 4, 3).padding(1)),
                               torch::nn::Tanh(), RepeatedPixels(11, 19),
                               Conv2d(Conv2dOptions(4, 3, 3).padding(1)), RepeatedPixels(22, 38),
                               Conv2d(Conv2dOptions(3, 2, 3)), RepeatedPixels(40, 72), torch::nn::ReLU());
}

// Down to a code that is a picture and up again, as pooled models are; without a ReLU, whose derivative jumps
// where rounding decides: among a million numbers some are that near to zero.
torch::nn::Sequential pooled() {
  return torch::nn::Sequential(Conv2d(Conv2dOptions(1, 8, 3).padding(1)), torch::nn::Tanh(),
                               torch::nn::MaxPool2d(2), Conv2d(Conv2dOptions(8, 1, 3).padding(1)),
                               RepeatedPixels(28, 28), Conv2d(Conv2dOptions(1, 8, 3).padding(1)),
                               torch::nn::Tanh(), Conv2d(Conv2dOptions(8, 1, 3).padding(1)));
}

// Down and up again, as strided ones are.
torch::nn::Sequential strided() {
  return torch::nn::Sequential(Conv2d(Conv2dOptions(1, 8, 4).stride(2).padding(1)), torch::nn::Tanh(),
                               Conv2d(Conv2dOptions(8, 16, 4).stride(2).padding(1)), torch::nn::Tanh(),
                               ConvTranspose2d(ConvTranspose2dOptions(16, 8, 4).stride(2).padding(1)),
                               torch::nn::Tanh(),
                               ConvTranspose2d(ConvTranspose2dOptions(8, 1, 4).stride(2).padding(1)));
}

// The first two of images large enough, and not of images alone. What follows each lets the gradients be more
// than rounding: the squares of normalised numbers always have one sum, and a channel normalised by itself
// takes no notice of a bias.
torch::nn::Sequential normalisations() {
  return torch::nn::Sequential(torch::nn::GroupNorm(6, 6), torch::nn::ReLU(),
                               Conv2d(Conv2dOptions(6, 8, 3).padding(1)), torch::nn::GroupNorm(2, 8),
                               torch::nn::Tanh(), torch::nn::MaxPool2d(2), torch::nn::GroupNorm(4, 8),
                               torch::nn::Flatten(torch::nn::FlattenOptions().start_dim(2)),
                               torch::nn::GroupNorm(2, 8), Linear(72, 3));
}

torch::nn::Sequential unfused_convolutions() {
  return torch::nn::Sequential(Conv2d(Conv2dOptions(2, 4, {3, 2})), Conv2d(Conv2dOptions(4, 4, 3).groups(2)),
                               Conv2d(Conv2dOptions(4, 2, 2).dilation(2)),
                               Conv2d(Conv2dOptions(2, 2, 3).padding(torch::kSame)),
                               Conv2d(Conv2dOptions(2, 2, 3).padding(1).padding_mode(torch::kReflect)),
                               Conv2d(Conv2dOptions(2, 2, 3).bias(false)));
}

class FusedLayers : public ::testing::TestWithParam<Layers> {
 protected:
  FusedLayers() {
    torch::manual_seed(4);
    layers_ = GetParam().make();
    input_ = torch::randn(GetParam().input).requires_grad_();
    sources_ = layers_->parameters();
    sources_.push_back(input_);
  }

  torch::nn::Sequential layers_ = nullptr;
  torch::Tensor input_;
  std::vector<torch::Tensor> sources_;  // the parameters and the input
};

// In float64: sums over ten thousand pixels are rounded more by LibTorch's own layers than by ours.
TEST_P(FusedLayers, ValuesAndGradientsAreThoseOfTheLayers) {
  const torch::Tensor output = forward_fused(layers_, input_);
  const auto ours = torch::autograd::grad({output.square().sum()}, sources_);
  layers_->to(torch::kFloat64);
  std::vector<torch::Tensor> exact_sources = layers_->parameters();
  exact_sources.push_back(input_.detach().to(torch::kFloat64).requires_grad_());
  const torch::Tensor expected = layers_->forward(exact_sources.back());
  ASSERT_EQ(output.sizes(), expected.sizes());
  EXPECT_TRUE(torch::allclose(output.to(torch::kFloat64), expected, 1e-5, 1e-6));
  const auto exact = torch::autograd::grad({expected.square().sum()}, exact_sources);
  for (size_t i = 0; i < ours.size(); ++i) {
    EXPECT_TRUE(torch::allclose(ours[i].to(torch::kFloat64), exact[i], 1e-4, 1e-5)) << i;
  }
}

TEST_P(FusedLayers, SecondDerivativesAreThoseOfTheLayers) {
  const auto second = [&](const torch::Tensor& output) {
    torch::Tensor sum = torch::zeros({});
    for (const torch::Tensor& gradient :
         torch::autograd::grad({output.square().sum()}, sources_, {},
                               /*retain_graph=*/true, /*create_graph=*/true)) {
      sum = sum + gradient.square().sum();
    }
    return torch::autograd::grad({sum}, sources_);
  };
  const auto theirs = second(layers_->forward(input_));
  const auto ours = second(forward_fused(layers_, input_));
  for (size_t i = 0; i < sources_.size(); ++i) {
    EXPECT_LE((ours[i] - theirs[i]).norm().item<double>(), 1e-5 * theirs[i].norm().item<double>()) << i;
  }
}

TEST_P(FusedLayers, AnInputNeedsNoGradient) {
  const auto first_gradient = [&](const torch::Tensor& output) {
    return torch::autograd::grad({output.square().sum()}, {layers_->parameters().front()}).front();
  };
  const torch::Tensor ours = first_gradient(forward_fused(layers_, input_.detach()));
  layers_->to(torch::kFloat64);
  const torch::Tensor exact = first_gradient(layers_->forward(input_.detach().to(torch::kFloat64)));
  EXPECT_TRUE(torch::allclose(ours.to(torch::kFloat64), exact, 1e-4, 1e-5));
}

TEST_P(FusedLayers, WithoutGradientsValuesAreTheSame) {
  const torch::Tensor expected = layers_->forward(input_).detach();
  {
    const torch::NoGradGuard no_grad;
    const torch::Tensor output = forward_fused(layers_, input_);
    EXPECT_FALSE(output.requires_grad());
    EXPECT_TRUE(torch::allclose(output, expected, 1e-5, 1e-6));
  }
  const torch::InferenceMode inference;
  EXPECT_TRUE(torch::allclose(forward_fused(layers_, input_), expected, 1e-5, 1e-6));
}

double relative_error(const torch::Tensor& found, const torch::Tensor& expected) {
  return ((found - expected).norm() / expected.norm()).item<double>();
}

// Eight bits of each factor: 0.4 % a number, more where a derivative is of a number near its edge.
TEST_P(FusedLayers, InBfloat16ComeCloseToFloat32) {
  const auto value_and_gradients = [&](const torch::Tensor& output) {
    std::vector<torch::Tensor> sources = layers_->parameters();
    sources.push_back(input_);
    std::vector<torch::Tensor> all = torch::autograd::grad({output.square().sum()}, sources);
    all.push_back(output);
    return all;
  };
  const auto expected = value_and_gradients(forward_fused(layers_, input_));
  Bfloat16Weights weights;
  weights.refresh(layers_->parameters());
  const Bfloat16Products products(&weights);
  const auto found = value_and_gradients(forward_fused(layers_, input_));
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found[i].scalar_type(), torch::kFloat32);
    EXPECT_LT(relative_error(found[i], expected[i]), 0.1) << i;
  }
}

TEST_P(FusedLayers, InBfloat16HaveSecondDerivatives) {
  const auto second = [&] {
    const torch::Tensor first =
        torch::autograd::grad({forward_fused(layers_, input_).square().sum()}, {input_}, {},
                              /*retain_graph=*/true, /*create_graph=*/true)[0];
    return torch::autograd::grad({first.square().sum()}, {layers_->parameters().front()})[0];
  };
  const torch::Tensor expected = second();
  Bfloat16Weights weights;
  weights.refresh(layers_->parameters());
  const Bfloat16Products products(&weights);
  EXPECT_LT(relative_error(second(), expected), 0.15);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FusedLayers,
    ::testing::Values(Layers{"Dense", dense, {5, 3, 4}}, Layers{"Tokens", tokens, {2, 3, 4}},
                      Layers{"Convolutions", convolutions, {3, 1, 9, 11}},
                      Layers{"NarrowingConvolutions", narrowing_convolutions, {3, 6, 5, 7}},
                      Layers{"TransposedConvolutions", transposed_convolutions, {2, 2, 3, 4}},
                      Layers{"RepeatedPixels", repeated_pixels, {3, 2, 3, 5}},
                      Layers{"Normalisations", normalisations, {3, 6, 17, 19}},
                      Layers{"LargeImages", convolutions_of_large_images, {3, 3, 100, 100}},
                      Layers{"ABatchOfPooled", pooled, {128, 1, 28, 28}},
                      Layers{"ABatchOfStrided", strided, {128, 1, 64, 64}},
                      Layers{"UnfusedConvolutions", unfused_convolutions, {2, 2, 9, 10}}),
    [](const auto& info) { return info.param.name; });

TEST(FusedLayer, WithoutGradientsASingleImageRunsThroughTheLayersThemselves) {
  const torch::NoGradGuard no_grad;
  torch::nn::Sequential down = convolutions();
  const torch::Tensor image = torch::randn({1, 1, 9, 11});
  EXPECT_TRUE(torch::equal(forward_fused(down, image), down->forward(image)));
  torch::nn::Sequential up = transposed_convolutions();
  const torch::Tensor code = torch::randn({1, 2, 3, 4});
  EXPECT_TRUE(torch::equal(forward_fused(up, code), up->forward(code)));
}

// Whole numbers below 256, which bfloat16 holds: then nothing is rounded.
TEST(FusedLayer, InBfloat16IsExactWhereItsNumbersAre) {
  torch::manual_seed(5);
  const auto whole = [](const std::vector<int64_t>& sizes) {
    return torch::randint(-2, 3, sizes).to(torch::kFloat32);
  };
  const std::vector<std::pair<torch::nn::Sequential, std::vector<int64_t>>> cases = {
      {torch::nn::Sequential(Linear(6, 5), torch::nn::ReLU(), Linear(5, 3)), {4, 6}},
      {torch::nn::Sequential(Conv2d(Conv2dOptions(2, 3, 3).stride(2).padding(1))), {3, 2, 6, 7}},
      {torch::nn::Sequential(ConvTranspose2d(ConvTranspose2dOptions(2, 3, 3).stride(2).padding(1))),
       {3, 2, 4, 5}}};
  for (auto [layers, sizes] : cases) {
    for (torch::Tensor& parameter : layers->parameters()) {
      parameter.set_data(whole(parameter.sizes().vec()));
    }
    std::vector<torch::Tensor> sources = layers->parameters();
    sources.push_back(whole(sizes).requires_grad_());
    const auto value_and_gradients = [&] {
      const torch::Tensor output = forward_fused(layers, sources.back());
      torch::manual_seed(6);
      auto all = torch::autograd::grad({output}, sources, {whole(output.sizes().vec())});
      all.push_back(output.detach());
      return all;
    };
    const auto expected = value_and_gradients();
    Bfloat16Weights weights;
    weights.refresh(layers->parameters());
    const Bfloat16Products products(&weights);
    const auto found = value_and_gradients();
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_TRUE(torch::equal(found[i], expected[i])) << sizes << " " << i;
    }
  }
}

TEST(FusedLayer, InBfloat16IsOfTheWeightsThatWereTaken) {
  torch::nn::Sequential layers(Linear(3, 2));
  const torch::Tensor input = torch::rand({4, 3});
  const torch::NoGradGuard no_grad;
  Bfloat16Weights weights;
  weights.refresh(layers->parameters());
  const torch::Tensor before = weights.of(layers->parameters()[0]);
  layers->parameters()[0].fill_(2);
  EXPECT_FALSE(torch::equal(weights.of(layers->parameters()[0]), torch::full({2, 3}, 2, torch::kBFloat16)));
  weights.refresh(layers->parameters());
  EXPECT_TRUE(torch::equal(weights.of(layers->parameters()[0]), torch::full({2, 3}, 2, torch::kBFloat16)));
  EXPECT_FALSE(torch::equal(before, weights.of(layers->parameters()[0]))) << "a copy in use stays as it is";
  layers->parameters()[0].fill_(3);
  weights.refresh(layers->parameters());
  EXPECT_TRUE(torch::equal(weights.of(layers->parameters()[0]), torch::full({2, 3}, 3, torch::kBFloat16)));
  EXPECT_TRUE(torch::equal(weights.of(torch::ones({2, 2})), torch::ones({2, 2}, torch::kBFloat16)));
}

// An image far from zero, large enough that its sums must not be rounded at each pixel.
TEST(FusedLayer, NormalisationIsAsExactFarFromZero) {
  torch::manual_seed(4);
  torch::nn::Sequential layers(torch::nn::GroupNorm(2, 8));
  torch::nn::Sequential exact(torch::nn::GroupNorm(2, 8));
  exact->to(torch::kFloat64);
  const torch::Tensor images = torch::randn({2, 8, 128, 128}) + 100;
  const torch::Tensor target = torch::randn(images.sizes()) + 1;
  const auto value_and_gradients = [&](torch::nn::Sequential& own, auto forward, torch::Dtype type) {
    std::vector<torch::Tensor> sources = own->parameters();
    sources.push_back(images.to(type).detach().requires_grad_());
    const torch::Tensor output = forward(own, sources.back());
    const torch::Tensor loss = torch::mse_loss(output, target.to(type), torch::Reduction::Sum);
    std::vector<torch::Tensor> all = torch::autograd::grad({loss}, sources);
    all.push_back(output);
    return all;
  };
  const auto fused = [](auto& own, const auto& input) { return forward_fused(own, input); };
  const auto plain = [](auto& own, const auto& input) { return own->forward(input); };
  const std::vector<torch::Tensor> expected = value_and_gradients(exact, plain, torch::kFloat64);
  const std::vector<torch::Tensor> ours = value_and_gradients(layers, fused, torch::kFloat32);
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_LE((ours[i] - expected[i]).norm().item<double>(), 1e-4 * expected[i].norm().item<double>()) << i;
  }
}

TEST(FusedLayer, IsALinearOneByItself) {
  Linear layer(4, 3);
  const torch::Tensor tokens = torch::randn({2, 5, 4});
  const torch::Tensor output = forward_fused(layer, tokens);
  EXPECT_THAT(output.grad_fn()->name(), ::testing::HasSubstr("FusedLinear"));
  EXPECT_TRUE(torch::allclose(output, layer->forward(tokens), 1e-5, 1e-6));
  const torch::Tensor exact = tokens.to(torch::kFloat64);
  layer->to(torch::kFloat64);
  EXPECT_TRUE(torch::equal(forward_fused(layer, exact), layer->forward(exact)));
}

TEST(FusedLayer, IsOneNodeWithItsActivation) {
  torch::nn::Sequential layers(Conv2d(Conv2dOptions(1, 2, 3)), torch::nn::ReLU(), torch::nn::Flatten(),
                               Linear(8, 3), torch::nn::ReLU(), Linear(3, 2));
  const torch::Tensor output = forward_fused(layers, torch::rand({5, 1, 4, 4}));
  std::vector<std::string> names;
  for (const auto* node = output.grad_fn().get(); node != nullptr; node = node->next_edge(0).function.get()) {
    names.push_back(node->name());
  }
  // What lies between is the flattening.
  ASSERT_GE(names.size(), 3);
  EXPECT_THAT(names[0], ::testing::HasSubstr("FusedLinear"));
  EXPECT_THAT(names[1], ::testing::HasSubstr("FusedLinear"));
  EXPECT_THAT(names.back(), ::testing::HasSubstr("FusedConvolution"));
  EXPECT_THAT(names, ::testing::Not(::testing::Contains(::testing::HasSubstr("Relu"))));
}

TEST(FusedLayer, IsOneOfRepeatedPixelsAndTheConvolutionOverThem) {
  torch::nn::Sequential layers(RepeatedPixels(8, 8), Conv2d(Conv2dOptions(1, 2, 3).padding(1)),
                               torch::nn::ReLU());
  const torch::Tensor output = forward_fused(layers, torch::rand({5, 1, 4, 4}));
  EXPECT_THAT(output.grad_fn()->name(), ::testing::HasSubstr("FusedTransposedConvolution"));
}

TEST(FusedLayer, NormalisesLargeImagesWithTheActivation) {
  torch::nn::Sequential layers(torch::nn::GroupNorm(1, 2), torch::nn::ReLU());
  EXPECT_THAT(forward_fused(layers, torch::rand({2, 2, 16, 17})).grad_fn()->name(),
              ::testing::HasSubstr("FusedNormalisation"));
  const torch::Tensor small = torch::rand({2, 2, 16, 16});
  EXPECT_TRUE(torch::equal(forward_fused(layers, small), layers->forward(small)));
}

// The mean of 1,000 with a deviation of 1: sums of squares would have lost it in float32.
TEST(FusedLayer, NormalisesNumbersThatAreFarFromZero) {
  torch::nn::Sequential layers(torch::nn::GroupNorm(1, 2));
  const torch::Tensor numbers = torch::randn({2, 2, 20, 20}) + 1000;
  const torch::Tensor expected = torch::group_norm(numbers.to(torch::kFloat64), 1);
  EXPECT_LT((forward_fused(layers, numbers) - expected).abs().max().item<double>(), 1e-2);
}

// A layer and an input that do not go together.
struct Misfit {
  std::string name;
  std::function<torch::nn::Sequential()> make;
  std::vector<int64_t> input;

  friend void PrintTo(const Misfit& printed, std::ostream* out) { *out << printed.name; }
};

class FusedMisfit : public ::testing::TestWithParam<Misfit> {};

TEST_P(FusedMisfit, IsRefusedInLibTorchsOwnWords) {
  torch::nn::Sequential layers = GetParam().make();
  const torch::Tensor input = torch::rand(GetParam().input);
  const std::string expected = testing::error_of<c10::Error>([&] { layers->forward(input); });
  ASSERT_NE(expected, "");
  const auto first_line = [](const std::string& text) { return text.substr(0, text.find('\n')); };
  EXPECT_EQ(first_line(testing::error_of<c10::Error>([&] { forward_fused(layers, input); })),
            first_line(expected));
}

torch::nn::Sequential one(const Conv2dOptions& options) { return torch::nn::Sequential(Conv2d(options)); }

torch::nn::Sequential one(const ConvTranspose2dOptions& options) {
  return torch::nn::Sequential(ConvTranspose2d(options));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FusedMisfit,
    ::testing::Values(
        Misfit{"KernelLargerByLessThanAStride",
               [] { return one(Conv2dOptions(1, 2, 5).stride(2)); },
               {3, 1, 4, 4}},
        Misfit{"KernelLargerByAStride", [] { return one(Conv2dOptions(1, 2, 5).stride(2)); }, {3, 1, 3, 3}},
        Misfit{"KernelLargerInHeight", [] { return one(Conv2dOptions(1, 2, 5).stride(3)); }, {3, 1, 4, 9}},
        Misfit{"KernelLargerInWidth",
               [] { return one(Conv2dOptions(1, 2, 7).stride(3).padding(1)); },
               {3, 1, 9, 4}},
        Misfit{"OtherFeatures", [] { return torch::nn::Sequential(Linear(4, 2)); }, {3, 5}},
        Misfit{"OtherFeaturesOfTokens", [] { return torch::nn::Sequential(Linear(4, 2)); }, {3, 2, 5}},
        Misfit{"OtherChannels", [] { return one(Conv2dOptions(2, 2, 3)); }, {3, 1, 9, 9}},
        Misfit{"NoStride", [] { return one(Conv2dOptions(1, 2, 3).stride(0)); }, {3, 1, 9, 9}},
        Misfit{
            "TransposedOfOtherChannels", [] { return one(ConvTranspose2dOptions(2, 2, 3)); }, {3, 1, 4, 4}},
        Misfit{"OutputPaddingOfAStride",
               [] { return one(ConvTranspose2dOptions(1, 2, 3).stride(2).output_padding(2)); },
               {3, 1, 4, 4}}),
    [](const auto& info) { return info.param.name; });

TEST(FusedLayer, TakesTheSmallestImageThatItsKernelFits) {
  torch::nn::Sequential layers(Conv2d(Conv2dOptions(1, 2, 5).stride(2).padding(1)));
  const torch::Tensor input = torch::rand({2, 1, 3, 3});
  const torch::Tensor output = forward_fused(layers, input);
  EXPECT_THAT(output.grad_fn()->name(), ::testing::HasSubstr("FusedConvolution"));
  EXPECT_TRUE(torch::allclose(output, layers->forward(input), 1e-5, 1e-6));
}

TEST(FusedLayer, HasNoPixelsWhereATransposedConvolutionLeavesNone) {
  torch::nn::Sequential layers(ConvTranspose2d(ConvTranspose2dOptions(1, 2, 2).padding(1)));
  const torch::Tensor output = forward_fused(layers, torch::rand({3, 1, 1, 1}));
  EXPECT_THAT(output.sizes(), ::testing::ElementsAre(3, 2, 0, 0));
}

TEST(FusedLayer, LeavesAnImageWithoutABatchToLibTorch) {
  torch::nn::Sequential layers(Conv2d(Conv2dOptions(1, 2, 3)));
  const torch::Tensor image = torch::rand({1, 5, 5});
  EXPECT_TRUE(torch::equal(forward_fused(layers, image), layers->forward(image)));
}

class UnknownImpl : public torch::nn::Module {
 public:
  torch::Tensor forward(const torch::Tensor& input) { return input + torch::rand_like(input); }
};
TORCH_MODULE(Unknown);

class RandomLinearImpl : public torch::nn::LinearImpl {
 public:
  RandomLinearImpl() : LinearImpl(3, 3) {}
  torch::Tensor forward(const torch::Tensor& input) {
    return LinearImpl::forward(input + torch::rand_like(input));
  }
};
TORCH_MODULE(RandomLinear);

// A layer of our own that holds others.
class OwnImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  explicit OwnImpl(const std::shared_ptr<torch::nn::Module>& held) { register_module("held", held); }
  torch::Tensor forward(const torch::Tensor& input) { return input; }
};
TORCH_MODULE(Own);

template <typename Layer>
Own holding(const Layer& layer) {
  return Own(std::shared_ptr<torch::nn::Module>(layer.ptr()));
}

bool are_free(const torch::nn::SequentialImpl& layers,
              Differentiated differentiated = Differentiated::kOnce) {
  return division_of(layers, differentiated) == Division::kFree;
}

template <typename Layer>
Division division_with(Layer layer) {
  return division_of(*torch::nn::Sequential(torch::nn::Flatten(), std::move(layer), Linear(3, 3)));
}

template <typename Layer>
bool is_free(Layer layer) {
  return division_with(std::move(layer)) == Division::kFree;
}

TEST(FreeLayers, AreThoseThatAreKnown) {
  for (const auto& make : {dense, tokens, convolutions, transposed_convolutions, narrowing_convolutions}) {
    EXPECT_TRUE(are_free(*make()));
  }
  EXPECT_TRUE(is_free(torch::nn::GroupNorm(torch::nn::GroupNormOptions(2, 4))));
  EXPECT_TRUE(is_free(RepeatedPixels(4, 4)));
  EXPECT_TRUE(is_free(torch::nn::Upsample(torch::nn::UpsampleOptions().size(std::vector<int64_t>{4, 4}))));
  EXPECT_TRUE(is_free(torch::nn::Unflatten(torch::nn::UnflattenOptions(1, {1, 3}))));
  for (const auto& [name, activation] : activations()) {
    torch::nn::Sequential layers;
    append_activation(layers, activation);
    EXPECT_TRUE(are_free(*layers)) << name;
  }
}

TEST(FreeLayers, AreNoneThatLookAtOtherExamplesOrDrawRandomNumbers) {
  EXPECT_FALSE(is_free(torch::nn::BatchNorm1d(3)));
  EXPECT_FALSE(is_free(torch::nn::BatchNorm2d(3)));
  EXPECT_FALSE(is_free(torch::nn::BatchNorm3d(3)));
  EXPECT_FALSE(
      is_free(torch::nn::InstanceNorm2d(torch::nn::InstanceNorm2dOptions(3).track_running_stats(true))));
  EXPECT_FALSE(is_free(torch::nn::Dropout(0.5)));
  EXPECT_FALSE(is_free(torch::nn::Dropout2d(0.5)));
  EXPECT_FALSE(is_free(torch::nn::AlphaDropout(0.5)));
  EXPECT_FALSE(is_free(torch::nn::RReLU()));
  EXPECT_FALSE(is_free(torch::nn::Flatten(torch::nn::FlattenOptions().start_dim(0))));
  EXPECT_FALSE(is_free(torch::nn::Unflatten(torch::nn::UnflattenOptions(0, {2, 3}))));
}

TEST(FreeLayers, AreNoConvolutionsOfLibTorchs) {
  for (const auto& layer : unfused_convolutions()->children()) {
    EXPECT_FALSE(are_free(*torch::nn::Sequential(std::dynamic_pointer_cast<torch::nn::Conv2dImpl>(layer))));
  }
  EXPECT_FALSE(is_free(ConvTranspose2d(ConvTranspose2dOptions(4, 4, 3).groups(2))));
  EXPECT_FALSE(is_free(ConvTranspose2d(ConvTranspose2dOptions(4, 4, 3).dilation(2))));
  EXPECT_FALSE(is_free(torch::nn::Conv1d(torch::nn::Conv1dOptions(1, 2, 3))));
}

TEST(DivisionOfLayers, IsThatOfTheMostParticularOne) {
  EXPECT_EQ(division_with(ConvTranspose2d(ConvTranspose2dOptions(4, 4, 3).groups(2))), Division::kInTurn);
  EXPECT_EQ(division_of(*convolutions(), Differentiated::kTwice), Division::kInTurn);
  torch::nn::Sequential layers(Linear(3, 3));
  append_batch_normalisation(layers, 3);
  EXPECT_EQ(division_of(*layers), Division::kTogether);
  layers->push_back(ConvTranspose2d(ConvTranspose2dOptions(4, 4, 3).groups(2)));
  EXPECT_EQ(division_of(*layers), Division::kInTurn);
  layers->push_back(Unknown());
  EXPECT_EQ(division_of(*layers), Division::kNone);
}

TEST(FreeLayers, AreNoConvolutionsThatAreDifferentiatedTwice) {
  EXPECT_TRUE(are_free(*dense(), Differentiated::kTwice));
  EXPECT_FALSE(are_free(*convolutions(), Differentiated::kTwice));
  EXPECT_FALSE(are_free(*transposed_convolutions(), Differentiated::kTwice));
  const torch::nn::Sequential held(holding(torch::nn::Sequential(Conv2d(Conv2dOptions(1, 2, 3)))));
  EXPECT_TRUE(are_free(*held));
  EXPECT_FALSE(are_free(*held, Differentiated::kTwice));
}

TEST(FreeLayers, AreNoneThatNobodyKnows) {
  EXPECT_FALSE(is_free(Unknown()));
  EXPECT_FALSE(is_free(RandomLinear()));
  EXPECT_FALSE(is_free(torch::nn::Functional([](const torch::Tensor& input) { return input; })));
}

TEST(FreeLayers, OfOurOwnAreSeparableWhereAllIsThatTheyHold) {
  EXPECT_TRUE(is_free(holding(Linear(3, 3))));
  EXPECT_TRUE(is_free(holding(holding(torch::nn::Sequential(torch::nn::ReLU())))));
  EXPECT_FALSE(is_free(holding(torch::nn::BatchNorm2d(3))));
  EXPECT_FALSE(is_free(holding(holding(torch::nn::Sequential(torch::nn::Dropout(0.5))))));
  // Not run by forward_fused.
  EXPECT_FALSE(is_free(holding(Conv2d(Conv2dOptions(1, 2, 3)))));
}

}  // namespace
}  // namespace autoencoder
