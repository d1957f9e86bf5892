// Strided convolutions down; transposed convolutions up, or upsampling and convolutions.

#include <torch/nn/modules/conv.h>

#include "models/backbones/spatial.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr int64_t kKernel = 3;
constexpr int64_t kStride = 2;
constexpr int64_t kPadding = 1;

enum class Upsampling {
  kAuto,        ///< nearest in large pictures, transposed in others
  kTransposed,  ///< transposed convolutions: a kernel of 3 meets every second pixel twice as often
  kNearest,     ///< repeated pixels, and a convolution over them: no checkerboard (Odena et al. 2016)
};

Choices<Upsampling> upsamplings() {
  return {{"auto", Upsampling::kAuto},
          {"transposed", Upsampling::kTransposed},
          {"nearest", Upsampling::kNearest}};
}

class ConvolutionalBackbone : public SpatialBackbone {
 public:
  void visit(OptionVisitor& visitor) override {
    SpatialBackbone::visit(visitor);
    visitor.choice(
        "upsampling", upsampling_,
        "from a level to a larger one: transposed convolutions, or nearest pixels and convolutions, "
        "which draw no checkerboards; auto: nearest from 64 pixels on",
        upsamplings());
  }

  Json earlier_options() const override {
    Json options = SpatialBackbone::earlier_options();
    options["upsampling"] = name_of(upsamplings(), Upsampling::kTransposed);
    return options;
  }

 private:
  void append_down(torch::nn::Sequential& layers, const Step& step) const override {
    layers->push_back(
        torch::nn::Conv2d(torch::nn::Conv2dOptions(step.from.channels, step.to.channels, kKernel)
                              .stride(kStride)
                              .padding(kPadding)));
    append_between(layers, step.norm, step.to.channels);
  }

  void append_up(torch::nn::Sequential& layers, const Step& step) const override {
    if (repeats_pixels(step)) {
      append_upsampling(layers, step);
      layers->push_back(same_convolution(step.from.channels, step.to.channels));
    } else {
      layers->push_back(transposed_convolution(step.from, step.to));
    }
  }

  bool repeats_pixels(const Step& step) const {
    return upsampling_ == Upsampling::kAuto ? step.is_of_large_picture : upsampling_ == Upsampling::kNearest;
  }

  // Output padding makes up for the side that an odd size loses on the way down.
  static torch::nn::ConvTranspose2d transposed_convolution(const ImageShape& from, const ImageShape& to) {
    const auto missing = [](int64_t small, int64_t large) {
      return large - ((small - 1) * kStride - 2 * kPadding + kKernel);
    };
    return torch::nn::ConvTranspose2d(
        torch::nn::ConvTranspose2dOptions(from.channels, to.channels, kKernel)
            .stride(kStride)
            .padding(kPadding)
            .output_padding({missing(from.height, to.height), missing(from.width, to.width)}));
  }

  Upsampling upsampling_ = Upsampling::kAuto;
};

const BackboneRegistration<ConvolutionalBackbone> conv_backbone(
    "conv", "strided convolutions down, transposed ones or upsampling up");

}  // namespace
}  // namespace autoencoder
