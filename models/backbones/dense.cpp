// Fully connected layers: C*H*W - hidden ... - code - ... hidden - C*H*W.

#include <torch/nn/modules/linear.h>

#include "models/activation.h"
#include "models/backbones/backbone.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

class DenseBackbone : public Backbone {
 public:
  void visit(OptionVisitor& visitor) override {
    visitor.option("hidden", hidden_, "sizes of the encoder's hidden layers; the decoder mirrors them",
                   at_least(1));
    visitor.option("activation", activation_, "activation of the hidden layers", one_of(activation_names()));
  }

  torch::nn::Sequential make_encoder(const ImageShape& input, int64_t outputs) const override {
    torch::nn::Sequential layers{torch::nn::Flatten()};
    append_layers(layers, input.size(), hidden_, outputs);
    return layers;
  }

  torch::nn::Sequential make_decoder(int64_t inputs, const ImageShape& output) const override {
    torch::nn::Sequential layers;
    append_layers(layers, inputs, {hidden_.rbegin(), hidden_.rend()}, output.size());
    layers->push_back(
        torch::nn::Unflatten(torch::nn::UnflattenOptions(1, {output.channels, output.height, output.width})));
    return layers;
  }

 private:
  void append_layers(torch::nn::Sequential& layers, int64_t inputs, const std::vector<int64_t>& hidden,
                     int64_t outputs) const {
    for (const int64_t size : hidden) {
      layers->push_back(torch::nn::Linear(inputs, size));
      append_activation(layers, activation_);
      inputs = size;
    }
    layers->push_back(torch::nn::Linear(inputs, outputs));
  }

  std::vector<int64_t> hidden_ = {128};
  std::string activation_ = "relu";
};

const BackboneRegistration<DenseBackbone> dense_backbone("dense", "fully connected layers");

}  // namespace
}  // namespace autoencoder
