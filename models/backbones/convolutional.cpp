// Strided convolutions down, transposed convolutions up.

#include <torch/nn/modules/conv.h>

#include "models/activation.h"
#include "models/backbones/spatial.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr int64_t kKernel = 3;
constexpr int64_t kStride = 2;
constexpr int64_t kPadding = 1;

class ConvolutionalBackbone : public SpatialBackbone {
  void append_down(torch::nn::Sequential& layers, const ImageShape& from,
                   const ImageShape& to) const override {
    layers->push_back(torch::nn::Conv2d(
        torch::nn::Conv2dOptions(from.channels, to.channels, kKernel).stride(kStride).padding(kPadding)));
    append_activation(layers, activation());
  }

  // Output padding makes up for the side that an odd size loses on the way down.
  void append_up(torch::nn::Sequential& layers, const ImageShape& from, const ImageShape& to) const override {
    const auto missing = [](int64_t small, int64_t large) {
      return large - ((small - 1) * kStride - 2 * kPadding + kKernel);
    };
    layers->push_back(torch::nn::ConvTranspose2d(
        torch::nn::ConvTranspose2dOptions(from.channels, to.channels, kKernel)
            .stride(kStride)
            .padding(kPadding)
            .output_padding({missing(from.height, to.height), missing(from.width, to.width)})));
  }
};

const BackboneRegistration<ConvolutionalBackbone> conv_backbone(
    "conv", "strided convolutions down, transposed ones up");

}  // namespace
}  // namespace autoencoder
