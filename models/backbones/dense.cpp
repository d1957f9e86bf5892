// Fully connected layers: C*H*W - hidden ... - code - ... hidden - C*H*W.

#include <cmath>

#include <fmt/format.h>
#include <torch/nn/functional/linear.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>

#include "common/error.h"
#include "models/activation.h"
#include "models/backbones/backbone.h"
#include "models/dropout.h"
#include "models/kernels/fused_layers.h"
#include "models/normalisation.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

// The transpose of another layer, whose weights it borrows; the bias is its own.
class TiedLinearImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  explicit TiedLinearImpl(torch::nn::Linear source) : source_(std::move(source)) {
    const int64_t outputs = source_->options.in_features();
    const double bound = 1 / std::sqrt(static_cast<double>(source_->options.out_features()));
    bias_ = register_parameter("bias", torch::empty({outputs}));
    torch::nn::init::uniform_(bias_, -bound, bound);
  }

  torch::Tensor forward(const torch::Tensor& input) {
    return torch::nn::functional::linear(input, source_->weight.t(), bias_);
  }

 private:
  torch::nn::Linear source_;  // not registered: its weights are the encoder's
  torch::Tensor bias_;
};
TORCH_MODULE(TiedLinear);

class DenseBackbone : public Backbone {
 public:
  void visit(OptionVisitor& visitor) override {
    visitor.option("hidden", hidden_, "sizes of the encoder's hidden layers; the decoder mirrors them",
                   between(1, kMostUnits));
    visitor.choice("activation", activation_, "activation of the hidden layers", activations());
    visitor.option("batch-norm", batch_norm_, "normalise the hidden layers over the batch");
    visitor.option("dropout", dropout_, "share of hidden units left out at random in training", fraction());
    visitor.option("tied-weights", tied_, "the decoder's weights are the encoder's, transposed");
  }

  std::vector<ImageShape> levels(const ImageShape& input) const override {
    std::vector<ImageShape> shapes = {input};
    for (const int64_t size : hidden_) {
      shapes.push_back({size, 1, 1});
    }
    return shapes;
  }

  torch::nn::Sequential make_encoder(const ImageShape& input, int64_t outputs) const override {
    torch::nn::Sequential layers{torch::nn::Flatten()};
    int64_t inputs = input.size();
    for (const int64_t size : hidden_) {
      layers->push_back(torch::nn::Linear(inputs, size));
      append_between(layers, size);
      inputs = size;
    }
    layers->push_back(torch::nn::Linear(inputs, outputs));
    return layers;
  }

  torch::nn::Sequential make_decoder(int64_t inputs, const ImageShape& output) const override {
    return make_mirror(output, [&](size_t level) {
      const int64_t from = level < hidden_.size() ? hidden_[level] : inputs;
      return torch::nn::Linear(from, level > 0 ? hidden_[level - 1] : output.size());
    });
  }

  Coder make_coder(const CoderSizes& sizes) const override {
    if (!tied_) {
      return Backbone::make_coder(sizes);
    }
    if (sizes.encoder_outputs != sizes.latent_dim) {
      throw Error(
          fmt::format("tied-weights needs an encoder that gives the code alone, not {} numbers for a "
                      "code of {}; leave it away with this model",
                      sizes.encoder_outputs, sizes.latent_dim));
    }
    if (!(sizes.input == sizes.output)) {
      throw Error(
          "tied-weights needs an encoder that sees what the decoder gives back, not which cells are holes "
          "beside it; leave it away, or give --mask-input=false");
    }
    torch::nn::Sequential encoder = make_encoder(sizes.input, sizes.encoder_outputs);
    return {encoder, make_tied_decoder(encoder, sizes.output)};
  }

 private:
  // What follows each hidden layer.
  void append_between(torch::nn::Sequential& layers, int64_t size) const {
    if (batch_norm_) {
      append_batch_normalisation(layers, size);
    }
    append_activation(layers, activation_);
    if (dropout_ > 0) {
      layers->push_back(Dropout(dropout_));
    }
  }

  // The encoder's levels backwards: layer(i) goes from hidden layer i (the code, above the last one) to the
  // one before it (the output, before the first one).
  template <typename MakeLayer>
  torch::nn::Sequential make_mirror(const ImageShape& output, MakeLayer layer) const {
    torch::nn::Sequential layers;
    for (size_t level = hidden_.size(); level > 0; --level) {
      layers->push_back(layer(level));
      append_between(layers, hidden_[level - 1]);
    }
    layers->push_back(layer(0));
    layers->push_back(
        torch::nn::Unflatten(torch::nn::UnflattenOptions(1, {output.channels, output.height, output.width})));
    return layers;
  }

  torch::nn::Sequential make_tied_decoder(torch::nn::Sequential& encoder, const ImageShape& output) const {
    std::vector<torch::nn::Linear> sources;
    for (const auto& layer : encoder->children()) {
      if (const auto linear = std::dynamic_pointer_cast<torch::nn::LinearImpl>(layer)) {
        sources.emplace_back(linear);
      }
    }
    return make_mirror(output, [&](size_t level) { return TiedLinear(sources[level]); });
  }

  std::vector<int64_t> hidden_ = {128};
  Activation activation_ = Activation::kRelu;
  bool batch_norm_ = false;
  double dropout_ = 0;
  bool tied_ = false;
};

const BackboneRegistration<DenseBackbone> dense_backbone("dense", "fully connected layers");

}  // namespace
}  // namespace autoencoder
