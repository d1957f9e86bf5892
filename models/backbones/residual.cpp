// Residual blocks (He et al. 2016, the pre-activation form), normalised whatever the size of the picture, by
// groups unless told otherwise, between strided convolutions down, and between upsampling and convolutions
// up.

#include "models/backbones/spatial.h"
#include "models/kernels/fused_layers.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

// x + branch(x); the branch is two times normalisation, activation, convolution.
class ResidualBlockImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  ResidualBlockImpl(int64_t channels, Normalisation norm, Activation activation) {
    for (int half = 0; half < 2; ++half) {
      append_normalisation(branch_, norm, channels);
      append_activation(branch_, activation);
      branch_->push_back(same_convolution(channels, channels));
    }
    register_module("branch", branch_);
  }

  torch::Tensor forward(const torch::Tensor& input) { return input + forward_fused(branch_, input); }

 private:
  torch::nn::Sequential branch_;
};
TORCH_MODULE(ResidualBlock);

class ResidualBackbone : public SpatialBackbone {
 public:
  void visit(OptionVisitor& visitor) override {
    SpatialBackbone::visit(visitor);
    visitor.option("blocks", blocks_, "residual blocks of each level", between(1, kMostLayers));
  }

 private:
  void append_down(torch::nn::Sequential& layers, const Step& step) const override {
    layers->push_back(torch::nn::Conv2d(
        torch::nn::Conv2dOptions(step.from.channels, step.to.channels, 3).stride(2).padding(1)));
    append_blocks(layers, step.norm, step.to.channels);
  }

  void append_up(torch::nn::Sequential& layers, const Step& step) const override {
    append_blocks(layers, step.norm, step.from.channels);
    append_upsampling(layers, step);
    layers->push_back(same_convolution(step.from.channels, step.to.channels));
  }

  // The blocks before it normalise for themselves.
  void append_between(torch::nn::Sequential& layers, Normalisation /*norm*/,
                      int64_t /*channels*/) const override {
    append_activation(layers, activation());
  }

  Normalisation usual_norm(const ImageShape& /*picture*/) const override { return Normalisation::kGroup; }

  // The sum of the last block is normalised and activated, too.
  void append_blocks(torch::nn::Sequential& layers, Normalisation norm, int64_t channels) const {
    for (int64_t block = 0; block < blocks_; ++block) {
      layers->push_back(ResidualBlock(channels, norm, activation()));
    }
    append_normalisation(layers, norm, channels);
    append_activation(layers, activation());
  }

  int64_t blocks_ = 1;
};

const BackboneRegistration<ResidualBackbone> residual_backbone(
    "residual", "residual blocks with group normalisation between strided convolutions");

}  // namespace
}  // namespace autoencoder
