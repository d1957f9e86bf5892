#include "models/backbones/spatial.h"

#include <fmt/format.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>

#include "common/error.h"
#include "models/activation.h"
#include "models/initialisation.h"

namespace autoencoder {
namespace {

constexpr int64_t kSmallestSide = 8;

// Convolutions alone, with LibTorch's own weights, let the signal fade until the last bias learns black and
// nothing more. These weights keep its variance (He et al. 2015, eq. 10).
void keep_signal(torch::nn::Sequential& layers) {
  initialise(*layers, [](const torch::Tensor& weight) {
    torch::nn::init::kaiming_uniform_(weight, 0, torch::kFanIn, torch::kReLU);
  });
}

}  // namespace

void SpatialBackbone::visit(OptionVisitor& visitor) {
  visitor.option("channels", channels_, "channels of each level; each halves height and width",
                 between(1, kMostUnits));
  visitor.option("code-channels", code_channels_,
                 "make the code a picture of so many channels, as large as the last level, in place of "
                 "latent-dim numbers; 0: latent-dim",
                 between(0, kMostUnits));
  visitor.choice("activation", activation_, "activation of the hidden layers", activations());
}

ImageShape SpatialBackbone::code_shape(const ImageShape& input, int64_t latent_dim) const {
  if (code_channels_ == 0) {
    return Backbone::code_shape(input, latent_dim);
  }
  const ImageShape smallest = levels(input).back();
  return {code_channels_, smallest.height, smallest.width};
}

torch::nn::Sequential SpatialBackbone::make_encoder(const ImageShape& input, int64_t outputs) const {
  const std::vector<ImageShape> shapes = levels(input);
  const ImageShape& smallest = shapes.back();
  torch::nn::Sequential layers;
  for (size_t level = 1; level < shapes.size(); ++level) {
    append_down(layers, shapes[level - 1], shapes[level]);
  }
  if (code_channels_ > 0) {
    layers->push_back(same_convolution(smallest.channels, outputs / (smallest.height * smallest.width)));
    layers->push_back(torch::nn::Flatten());
    keep_signal(layers);
  } else {
    layers->push_back(torch::nn::Flatten());
    layers->push_back(torch::nn::Linear(smallest.size(), outputs));
  }
  return layers;
}

torch::nn::Sequential SpatialBackbone::make_decoder(int64_t inputs, const ImageShape& output) const {
  const std::vector<ImageShape> shapes = levels(output);
  const ImageShape& smallest = shapes.back();
  const auto unflatten = [&](int64_t channels) {
    return torch::nn::Unflatten(torch::nn::UnflattenOptions(1, {channels, smallest.height, smallest.width}));
  };
  torch::nn::Sequential layers;
  if (code_channels_ > 0) {
    layers->push_back(unflatten(code_channels_));
    layers->push_back(same_convolution(code_channels_, smallest.channels));
    append_activation(layers, activation_);
  } else {
    layers->push_back(torch::nn::Linear(inputs, smallest.size()));
    append_activation(layers, activation_);
    layers->push_back(unflatten(smallest.channels));
  }
  for (size_t level = shapes.size() - 1; level > 0; --level) {
    append_up(layers, shapes[level], shapes[level - 1]);
    if (level > 1) {
      append_activation(layers, activation_);
    }
  }
  if (code_channels_ > 0) {
    keep_signal(layers);
  }
  return layers;
}

// The shape of the input and of each level.
std::vector<ImageShape> SpatialBackbone::levels(const ImageShape& input) const {
  if (input.height < kSmallestSide || input.width < kSmallestSide) {
    throw Error(fmt::format(
        "a convolutional backbone takes images of {0}x{0} and larger, not {1}; use --backbone dense",
        kSmallestSide, input.text()));
  }
  if (channels_.empty()) {
    throw Error("channels is empty; name at least one level, such as --channels 32,64");
  }
  std::vector<ImageShape> shapes = {input};
  for (const int64_t channels : channels_) {
    const auto& [unused, height, width] = shapes.back();
    shapes.push_back({channels, (height + 1) / 2, (width + 1) / 2});
  }
  return shapes;
}

torch::nn::Conv2d same_convolution(int64_t from_channels, int64_t to_channels) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(from_channels, to_channels, 3).padding(1));
}

torch::nn::Upsample nearest_upsample(const ImageShape& to) {
  return torch::nn::Upsample(
      torch::nn::UpsampleOptions().size(std::vector<int64_t>{to.height, to.width}).mode(torch::kNearest));
}

}  // namespace autoencoder
