// Convolutions along one axis, for windows of series: D x 1 x L, the columns of a series as channels over its
// steps. Strided ones down, repeated steps and convolutions up; between them, where the user wants them,
// residual blocks of dilated convolutions, which look further without more weights (van den Oord et al. 2016,
// WaveNet, section 2.1; Bai et al. 2018, section 3.3). The rows of a picture count as channels, too.

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/upsampling.h>

#include "common/error.h"
#include "models/activation.h"
#include "models/backbones/backbone.h"
#include "models/backbones/levels.h"
#include "models/initialisation.h"
#include "models/kernels/fused_layers.h"
#include "models/normalisation.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr int64_t kShortest = kSmallestSide;  // steps that a series must have
constexpr int64_t kLongestKernel = 1023;
constexpr int64_t kWidestDilation = 1'000'000;

// A convolution along the steps, N x from x 1 x L -> N x to x 1 x L / stride, rounded up: a matrix product of
// patches, for LibTorch's own convolutions share scratch memory between threads.
class StepConvolutionImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  StepConvolutionImpl(int64_t from, int64_t to, int64_t kernel, int64_t stride, int64_t dilation)
      : reach_(dilation * (kernel - 1)),
        stride_(stride),
        dilation_(dilation),
        weight_(register_parameter("weight", torch::empty({to, from, kernel}))),
        bias_(register_parameter("bias", torch::zeros({to}))) {
    torch::nn::init::kaiming_uniform_(weight_, std::sqrt(5));  // as LibTorch's convolutions begin
  }

  torch::Tensor forward(const torch::Tensor& input) {
    const torch::Tensor padded = torch::constant_pad_nd(input, {reach_ / 2, reach_ / 2});
    // N x from x 1 x L' x kernel
    const torch::Tensor patches = padded.unfold(3, reach_ + 1, stride_).slice(4, 0, std::nullopt, dilation_);
    const torch::Tensor products =
        torch::linear(patches.permute({0, 2, 3, 1, 4}).flatten(3), weight_.flatten(1), bias_);
    return products.permute({0, 3, 1, 2});
  }

 private:
  int64_t reach_;  // from the first to the last step that a number depends on
  int64_t stride_;
  int64_t dilation_;
  torch::Tensor weight_;  // to x from x kernel
  torch::Tensor bias_;
};
TORCH_MODULE(StepConvolution);

StepConvolution along_steps(int64_t from, int64_t to, int64_t kernel, int64_t stride) {
  return StepConvolution(from, to, kernel, stride, /*dilation=*/1);
}

// x + branch(x); the branch is normalisation, activation and a dilated convolution.
class DilatedBlockImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  DilatedBlockImpl(int64_t channels, int64_t kernel, int64_t dilation, Normalisation norm,
                   Activation activation) {
    append_normalisation(branch_, norm, channels);
    append_activation(branch_, activation);
    branch_->push_back(StepConvolution(channels, channels, kernel, /*stride=*/1, dilation));
    register_module("branch", branch_);
  }

  torch::Tensor forward(const torch::Tensor& input) { return input + forward_fused(branch_, input); }

  void scale_weights(double factor) {
    const torch::NoGradGuard no_grad;
    branch_->ptr(branch_->size() - 1)->named_parameters()["weight"].mul_(factor);
  }

 private:
  torch::nn::Sequential branch_;
};
TORCH_MODULE(DilatedBlock);

class Conv1dBackbone : public Backbone {
 public:
  void visit(OptionVisitor& visitor) override {
    visitor.option("channels", channels_,
                   fmt::format("channels of each level, which halves the length; 0: as fits the series, {}, "
                               "64 and up to {}, until it has at most {} steps",
                               kFirstChannels, kMostChannels, kSmallestSide),
                   between(0, kMostUnits));
    visitor.option("code-channels", code_channels_,
                   "make the code a series of so many channels, as long as the last level, in place of "
                   "latent-dim numbers; 0: latent-dim",
                   between(0, kMostUnits));
    visitor.option("kernel", kernel_, "steps that a convolution of conv1d sees, an odd number",
                   between(1, kLongestKernel));
    visitor.option("dilations", dilations_,
                   "of each level of conv1d: a residual block for each number, whose convolution sees every "
                   "so many-th step; none: no such blocks",
                   between(1, kWidestDilation));
    visitor.choice("norm", norm_, "normalisation between the layers; auto: none", normalisations());
    visitor.choice("activation", activation_, "activation of the hidden layers", activations());
  }

  ImageShape code_shape(const ImageShape& input, int64_t latent_dim) const override {
    return code_channels_ == 0 ? Backbone::code_shape(input, latent_dim)
                               : ImageShape{code_channels_, 1, levels(input).back().width};
  }

  std::vector<ImageShape> levels(const ImageShape& input) const override {
    check(input);
    std::vector<ImageShape> shapes = {input};
    for (const int64_t channels : channels_for(input.width)) {
      shapes.push_back({channels, 1, (shapes.back().width + 1) / 2});
    }
    return shapes;
  }

  torch::nn::Sequential make_encoder(const ImageShape& input, int64_t outputs) const override {
    const std::vector<ImageShape> shapes = levels(input);
    const ImageShape& last = shapes.back();
    torch::nn::Sequential layers;
    append_reshaping(layers, input, {input.channels * input.height, 1, input.width});
    for (size_t level = 1; level < shapes.size(); ++level) {
      const ImageShape& before = shapes[level - 1];
      layers->push_back(
          along_steps(before.channels * before.height, shapes[level].channels, kernel_, /*stride=*/2));
      append_blocks(layers, shapes[level].channels);
      append_between(layers, shapes[level].channels);
    }
    begin_evenly(layers);  // but for the last layer: what begins small is soon where it is wanted
    if (code_channels_ > 0) {
      layers->push_back(along_steps(last.channels, outputs / last.width, kernel_, /*stride=*/1));
    }
    layers->push_back(torch::nn::Flatten());
    if (code_channels_ == 0) {
      layers->push_back(torch::nn::Linear(last.size(), outputs));
    }
    return layers;
  }

  torch::nn::Sequential make_decoder(int64_t inputs, const ImageShape& output) const override {
    const std::vector<ImageShape> shapes = levels(output);
    torch::nn::Sequential layers;
    append_beginning(layers, inputs, shapes.back());
    for (size_t level = shapes.size() - 1; level > 0; --level) {
      const ImageShape& to = shapes[level - 1];
      append_blocks(layers, shapes[level].channels);
      layers->push_back(torch::nn::Upsample(
          torch::nn::UpsampleOptions().size(std::vector<int64_t>{1, to.width}).mode(torch::kNearest)));
      if (level == 1) {
        begin_evenly(layers);  // likewise
      }
      layers->push_back(along_steps(shapes[level].channels, to.channels * to.height, kernel_, /*stride=*/1));
      if (level > 1) {
        append_between(layers, to.channels);
      }
    }
    append_reshaping(layers, {output.channels * output.height, 1, output.width}, output);
    return layers;
  }

 private:
  void check(const ImageShape& input) const {
    if (input.width < kShortest) {
      throw Error(
          fmt::format("backbone conv1d takes series of {} steps and more, not {}; use --backbone dense",
                      kShortest, input.text()));
    }
    if (kernel_ % 2 == 0) {
      throw Error(
          fmt::format("kernel is {}; convolutions keep their middle, so give an odd number, such as {}",
                      kernel_, kernel_ + 1));
    }
  }

  std::vector<int64_t> channels_for(int64_t steps) const {
    return channels_of_levels(channels_, steps, "series");
  }

  // From the code to the last level.
  void append_beginning(torch::nn::Sequential& layers, int64_t inputs, const ImageShape& last) const {
    const auto unflatten = [&](int64_t channels) {
      return torch::nn::Unflatten(torch::nn::UnflattenOptions(1, {channels, 1, last.width}));
    };
    if (code_channels_ > 0) {
      layers->push_back(unflatten(code_channels_));
      layers->push_back(along_steps(code_channels_, last.channels, kernel_, /*stride=*/1));
      append_between(layers, last.channels);
    } else {
      layers->push_back(torch::nn::Linear(inputs, last.size()));
      append_activation(layers, activation_);
      layers->push_back(unflatten(last.channels));
    }
  }

  void append_blocks(torch::nn::Sequential& layers, int64_t channels) const {
    for (const int64_t dilation : dilations_) {
      layers->push_back(DilatedBlock(channels, kernel_, dilation, norm(), activation_));
    }
  }

  // Each block adds to the signal as much as it is given: of n on a level each adds a share, its weights
  // divided by the root of n (Radford et al. 2019, section 2.3).
  void begin_evenly(torch::nn::Sequential& layers) const {
    keep_signal(*layers);
    for (const auto& layer : *layers) {
      if (auto* block = layer.ptr()->as<DilatedBlockImpl>()) {
        block->scale_weights(1 / std::sqrt(static_cast<double>(dilations_.size())));
      }
    }
  }

  void append_between(torch::nn::Sequential& layers, int64_t channels) const {
    append_normalisation(layers, norm(), channels);
    append_activation(layers, activation_);
  }

  // Rows and channels are one to it; a series has a single row and needs nothing.
  static void append_reshaping(torch::nn::Sequential& layers, const ImageShape& from, const ImageShape& to) {
    if (from == to) {
      return;
    }
    layers->push_back(torch::nn::Flatten(torch::nn::FlattenOptions().start_dim(1).end_dim(2)));
    layers->push_back(torch::nn::Unflatten(torch::nn::UnflattenOptions(1, {to.channels, to.height})));
  }

  Normalisation norm() const { return norm_ == Normalisation::kAuto ? Normalisation::kNone : norm_; }

  std::vector<int64_t> channels_ = {0};
  int64_t code_channels_ = 0;
  int64_t kernel_ = 7;
  std::vector<int64_t> dilations_ = {2};
  Normalisation norm_ = Normalisation::kAuto;
  Activation activation_ = Activation::kRelu;
};

const BackboneRegistration<Conv1dBackbone> conv1d_backbone(
    "conv1d", "convolutions along the steps of a series, with dilated residual blocks");
const ModelRegistration conv1d(
    {"conv1d",
     "plain, for windows of series: convolutions along their steps to a code of 32",
     "plain",
     "conv1d",
     {{"output-activation", "none"}, {"batch-size", 128}}});
const ModelRegistration conv1d_vae(
    {"conv1d-vae",
     "variational, for windows of series: convolutions along their steps to a code of 20",
     "variational",
     "conv1d",
     {{"output-activation", "none"}, {"loss", "gaussian"}, {"sigma", 0.1}, {"batch-size", 128}}});

}  // namespace
}  // namespace autoencoder
