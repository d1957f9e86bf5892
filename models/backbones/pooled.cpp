// Convolutions and max pooling down; nearest-neighbour upsampling and convolutions up.

#include <torch/nn/modules/pooling.h>

#include "models/backbones/spatial.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

class PooledBackbone : public SpatialBackbone {
  void append_down(torch::nn::Sequential& layers, const Step& step) const override {
    layers->push_back(same_convolution(step.from.channels, step.to.channels));
    append_between(layers, step.norm, step.to.channels);
    layers->push_back(torch::nn::MaxPool2d(torch::nn::MaxPool2dOptions(2).ceil_mode(true)));
  }

  void append_up(torch::nn::Sequential& layers, const Step& step) const override {
    append_upsampling(layers, step);
    layers->push_back(same_convolution(step.from.channels, step.to.channels));
  }
};

const BackboneRegistration<PooledBackbone> pooled_backbone(
    "conv-pool", "convolutions and max pooling down, upsampling and convolutions up");

}  // namespace
}  // namespace autoencoder
