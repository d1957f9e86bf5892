// Residual blocks with group normalisation (He et al. 2016, the pre-activation form; Wu & He 2018) between
// strided convolutions down, and between upsampling and convolutions up.

#include <numeric>

#include <torch/nn/modules/normalization.h>

#include "models/activation.h"
#include "models/backbones/spatial.h"
#include "models/kernels/fused_layers.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr int64_t kGroups = 8;

torch::nn::GroupNorm group_norm(int64_t channels) {
  return torch::nn::GroupNorm(torch::nn::GroupNormOptions(std::gcd(kGroups, channels), channels));
}

// x + branch(x); the branch is two times normalisation, activation, convolution.
class ResidualBlockImpl : public torch::nn::Module, public SeparableLayer {
 public:
  ResidualBlockImpl(int64_t channels, Activation activation) {
    for (int half = 0; half < 2; ++half) {
      branch_->push_back(group_norm(channels));
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
  void append_down(torch::nn::Sequential& layers, const ImageShape& from,
                   const ImageShape& to) const override {
    layers->push_back(
        torch::nn::Conv2d(torch::nn::Conv2dOptions(from.channels, to.channels, 3).stride(2).padding(1)));
    append_blocks(layers, to.channels);
    layers->push_back(group_norm(to.channels));
    append_activation(layers, activation());
  }

  void append_up(torch::nn::Sequential& layers, const ImageShape& from, const ImageShape& to) const override {
    append_blocks(layers, from.channels);
    layers->push_back(group_norm(from.channels));
    append_activation(layers, activation());
    layers->push_back(nearest_upsample(to));
    layers->push_back(same_convolution(from.channels, to.channels));
  }

  void append_blocks(torch::nn::Sequential& layers, int64_t channels) const {
    for (int64_t block = 0; block < blocks_; ++block) {
      layers->push_back(ResidualBlock(channels, activation()));
    }
  }

  int64_t blocks_ = 1;
};

const BackboneRegistration<ResidualBackbone> residual_backbone(
    "residual", "residual blocks with group normalisation between strided convolutions");

}  // namespace
}  // namespace autoencoder
