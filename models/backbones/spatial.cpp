#include "models/backbones/spatial.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/nn/modules/linear.h>

#include "common/error.h"
#include "models/activation.h"
#include "models/backbones/levels.h"
#include "models/initialisation.h"
#include "models/kernels/repeated_pixels.h"

namespace autoencoder {
namespace {

constexpr int64_t kLargePicture = 64;  // pixels of its shorter side
constexpr ImageShape kSmallPicture = {1, kSmallestSide, kSmallestSide};

int64_t shorter_side(const ImageShape& picture) { return std::min(picture.height, picture.width); }

}  // namespace

void SpatialBackbone::visit(OptionVisitor& visitor) {
  visitor.option("channels", channels_,
                 fmt::format("channels of each level, which halves height and width; 0: as fits the picture, "
                             "{}, 64 and up to {}, until its shorter side is at most {}",
                             kFirstChannels, kMostChannels, kSmallestSide),
                 between(0, kMostUnits));
  visitor.option("code-channels", code_channels_,
                 "make the code a picture of so many channels, as large as the last level, in place of "
                 "latent-dim numbers; 0: latent-dim",
                 between(0, kMostUnits));
  visitor.choice(
      "norm", norm_,
      "normalisation between the layers; auto: batch from 64 pixels of the shorter side on, none below; of "
      "residual always group",
      normalisations());
  visitor.choice("activation", activation_, "activation of the hidden layers", activations());
}

Json SpatialBackbone::earlier_options() const {
  return {{"norm", name_of(normalisations(), usual_norm(kSmallPicture))}};
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
    append_down(layers, step_between(shapes[level - 1], shapes[level], input));
  }
  if (code_channels_ > 0) {
    layers->push_back(same_convolution(smallest.channels, outputs / (smallest.height * smallest.width)));
    layers->push_back(torch::nn::Flatten());
    keep_signal(*layers);
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
    append_between(layers, norm_for(output), smallest.channels);
  } else {
    layers->push_back(torch::nn::Linear(inputs, smallest.size()));
    append_activation(layers, activation_);
    layers->push_back(unflatten(smallest.channels));
  }
  for (size_t level = shapes.size() - 1; level > 0; --level) {
    append_up(layers, step_between(shapes[level], shapes[level - 1], output));
    if (level > 1) {
      append_between(layers, norm_for(output), shapes[level - 1].channels);
    }
  }
  if (code_channels_ > 0) {
    keep_signal(*layers);
  }
  return layers;
}

std::vector<ImageShape> SpatialBackbone::levels(const ImageShape& input) const {
  if (shorter_side(input) < kSmallestSide) {
    throw Error(fmt::format(
        "a convolutional backbone takes images of {0}x{0} and larger, not {1}; use --backbone dense",
        kSmallestSide, input.text()));
  }
  std::vector<ImageShape> shapes = {input};
  for (const int64_t channels : channels_for(input)) {
    const auto& [unused, height, width] = shapes.back();
    shapes.push_back({channels, (height + 1) / 2, (width + 1) / 2});
  }
  return shapes;
}

std::vector<int64_t> SpatialBackbone::channels_for(const ImageShape& picture) const {
  return channels_of_levels(channels_, shorter_side(picture), "picture");
}

void SpatialBackbone::append_between(torch::nn::Sequential& layers, Normalisation norm,
                                     int64_t channels) const {
  append_normalisation(layers, norm, channels);
  append_activation(layers, activation_);
}

void SpatialBackbone::append_upsampling(torch::nn::Sequential& layers, const Step& step) {
  layers->push_back(RepeatedPixels(step.to.height, step.to.width));
}

Normalisation SpatialBackbone::usual_norm(const ImageShape& picture) const {
  return shorter_side(picture) < kLargePicture ? Normalisation::kNone : Normalisation::kBatch;
}

Normalisation SpatialBackbone::norm_for(const ImageShape& picture) const {
  return norm_ == Normalisation::kAuto ? usual_norm(picture) : norm_;
}

SpatialBackbone::Step SpatialBackbone::step_between(const ImageShape& from, const ImageShape& to,
                                                    const ImageShape& picture) const {
  return {from, to, norm_for(picture), shorter_side(picture) >= kLargePicture};
}

torch::nn::Conv2d same_convolution(int64_t from_channels, int64_t to_channels) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(from_channels, to_channels, 3).padding(1));
}

}  // namespace autoencoder
