// Strided convolutions down, transposed convolutions up; a linear layer to and from the code.

#include <fmt/format.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include "common/error.h"
#include "models/activation.h"
#include "models/backbones/backbone.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr int64_t kKernel = 3;
constexpr int64_t kStride = 2;
constexpr int64_t kPadding = 1;
constexpr int64_t kSmallestSide = 8;

class ConvolutionalBackbone : public Backbone {
 public:
  void visit(OptionVisitor& visitor) override {
    visitor.option("channels", channels_,
                   "channels of the encoder's convolutions, each of which halves height and width",
                   at_least(1));
    visitor.option("activation", activation_, "activation of the hidden layers", one_of(activation_names()));
  }

  torch::nn::Sequential make_encoder(const ImageShape& input, int64_t outputs) const override {
    const std::vector<ImageShape> shapes = shapes_down(input);
    torch::nn::Sequential layers;
    for (size_t level = 1; level < shapes.size(); ++level) {
      layers->push_back(torch::nn::Conv2d(
          torch::nn::Conv2dOptions(shapes[level - 1].channels, shapes[level].channels, kKernel)
              .stride(kStride)
              .padding(kPadding)));
      append_activation(layers, activation_);
    }
    layers->push_back(torch::nn::Flatten());
    layers->push_back(torch::nn::Linear(shapes.back().size(), outputs));
    return layers;
  }

  torch::nn::Sequential make_decoder(int64_t inputs, const ImageShape& output) const override {
    const std::vector<ImageShape> shapes = shapes_down(output);
    const ImageShape& smallest = shapes.back();
    torch::nn::Sequential layers{torch::nn::Linear(inputs, smallest.size())};
    append_activation(layers, activation_);
    layers->push_back(torch::nn::Unflatten(
        torch::nn::UnflattenOptions(1, {smallest.channels, smallest.height, smallest.width})));
    for (size_t level = shapes.size() - 1; level > 0; --level) {
      layers->push_back(upward(shapes[level], shapes[level - 1]));
      if (level > 1) {
        append_activation(layers, activation_);
      }
    }
    return layers;
  }

 private:
  // The shape of the input and of each convolution's output.
  std::vector<ImageShape> shapes_down(const ImageShape& input) const {
    if (input.height < kSmallestSide || input.width < kSmallestSide) {
      throw Error(fmt::format(
          "the convolutional backbone takes images of {0}x{0} and larger, not {1}; use --backbone dense",
          kSmallestSide, input.text()));
    }
    if (channels_.empty()) {
      throw Error("channels is empty; name at least one convolution, such as --channels 32,64");
    }
    std::vector<ImageShape> shapes = {input};
    for (const int64_t channels : channels_) {
      const auto& [unused, height, width] = shapes.back();
      shapes.push_back({channels, (height + 1) / kStride, (width + 1) / kStride});
    }
    return shapes;
  }

  // Output padding makes up for the side that an odd size loses on the way down.
  static torch::nn::ConvTranspose2d upward(const ImageShape& from, const ImageShape& to) {
    const auto missing = [](int64_t small, int64_t large) {
      return large - ((small - 1) * kStride - 2 * kPadding + kKernel);
    };
    return torch::nn::ConvTranspose2d(
        torch::nn::ConvTranspose2dOptions(from.channels, to.channels, kKernel)
            .stride(kStride)
            .padding(kPadding)
            .output_padding({missing(from.height, to.height), missing(from.width, to.width)}));
  }

  std::vector<int64_t> channels_ = {32, 64};
  std::string activation_ = "relu";
};

const BackboneRegistration<ConvolutionalBackbone> conv_backbone(
    "conv", "strided convolutions down, transposed ones up");

}  // namespace
}  // namespace autoencoder
