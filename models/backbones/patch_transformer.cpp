#include "models/backbones/patch_transformer.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/nn/functional/padding.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include "common/error.h"
#include "models/kernels/fused_layers.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr int64_t kMlpRatio = 2;  // hidden units of a block's perceptron, in widths
constexpr double kInitialDeviation = 0.02;
constexpr double kLongestWavelength = 10'000;  // Vaswani et al. 2017, section 3.5

// 0, 1, ... places -> places x width: sines and cosines of falling frequency.
torch::Tensor waves(int64_t places, int64_t width) {
  const auto options = torch::TensorOptions().dtype(torch::kFloat64);
  const torch::Tensor exponents = torch::arange(width / 2, options) / (static_cast<double>(width) / 2);
  const torch::Tensor frequencies = torch::pow(kLongestWavelength, -exponents);
  const torch::Tensor angles = torch::outer(torch::arange(places, options), frequencies);
  return torch::cat({angles.sin(), angles.cos()}, 1).to(torch::kFloat32);
}

// patches x width: one half tells the column, the other one the row (He et al. 2022, their code).
torch::Tensor patch_positions(const PatchGrid& grid, int64_t width) {
  const torch::Tensor row = waves(grid.rows(), width / 2).unsqueeze(1).expand({-1, grid.columns(), -1});
  const torch::Tensor column = waves(grid.columns(), width / 2).unsqueeze(0).expand({grid.rows(), -1, -1});
  return torch::cat({column, row}, 2).flatten(0, 1);
}

class PatchifyImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  explicit PatchifyImpl(const PatchGrid& grid) : grid_(grid) {}
  torch::Tensor forward(const torch::Tensor& images) { return patchify(images, grid_); }

 private:
  PatchGrid grid_;
};
TORCH_MODULE(Patchify);

class UnpatchifyImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  explicit UnpatchifyImpl(const PatchGrid& grid) : grid_(grid) {}
  torch::Tensor forward(const torch::Tensor& patches) { return unpatchify(patches, grid_); }

 private:
  PatchGrid grid_;
};
TORCH_MODULE(Unpatchify);

class PositionsImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  PositionsImpl(const PatchGrid& grid, int64_t width)
      : positions_(register_buffer("positions", patch_positions(grid, width))) {}
  torch::Tensor forward(const torch::Tensor& tokens) { return tokens + positions_; }

 private:
  torch::Tensor positions_;
};
TORCH_MODULE(Positions);

// Vaswani et al. 2017, section 3.2.2.
class SelfAttentionImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  SelfAttentionImpl(int64_t width, int64_t heads, Attention attention)
      : attention_(attention),
        heads_(heads),
        head_size_(width / heads),
        projections_(register_module("projections", token_linear(width, 3 * width))),
        output_(register_module("output", token_linear(width, width))) {}

  torch::Tensor forward(const torch::Tensor& tokens) {
    const std::vector<torch::Tensor> parts = forward_fused(projections_, tokens)
                                                 .unflatten(2, {3, heads_, head_size_})
                                                 .permute({2, 0, 3, 1, 4})  // 3 x N x heads x T x head size
                                                 .unbind(0);
    const torch::Tensor mixed = attention_ == Attention::kFused
                                    ? at::scaled_dot_product_attention(parts[0], parts[1], parts[2])
                                    : plain_attention(parts[0], parts[1], parts[2]);
    return forward_fused(output_, mixed.transpose(1, 2).flatten(2));
  }

 private:
  torch::Tensor plain_attention(const torch::Tensor& queries, const torch::Tensor& keys,
                                const torch::Tensor& values) const {
    const double scale = 1 / std::sqrt(static_cast<double>(head_size_));
    return torch::softmax(queries.matmul(keys.transpose(2, 3)) * scale, 3).matmul(values);
  }

  Attention attention_;
  int64_t heads_;
  int64_t head_size_;
  torch::nn::Linear projections_;  // to queries, keys and values
  torch::nn::Linear output_;
};
TORCH_MODULE(SelfAttention);

torch::nn::LayerNorm layer_norm(int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}));
}

// Attention, then a perceptron for each token; each normalises what it reads and adds to it.
class TransformerBlockImpl : public torch::nn::Module, public DivisibleLayer {
 public:
  TransformerBlockImpl(int64_t width, int64_t heads, Attention attention)
      : attention_(layer_norm(width), SelfAttention(width, heads, attention)),
        perceptron_(layer_norm(width), token_linear(width, kMlpRatio * width), torch::nn::GELU(),
                    token_linear(kMlpRatio * width, width)) {
    register_module("attention", attention_);
    register_module("perceptron", perceptron_);
  }

  torch::Tensor forward(const torch::Tensor& input) {
    const torch::Tensor tokens = input + forward_fused(attention_, input);
    return tokens + forward_fused(perceptron_, tokens);
  }

 private:
  torch::nn::Sequential attention_;
  torch::nn::Sequential perceptron_;
};
TORCH_MODULE(TransformerBlock);

}  // namespace

PatchGrid PatchGrid::of_one_channel() const {
  return {{1, image.height, image.width}, patch_height, patch_width};
}

torch::Tensor patchify(const torch::Tensor& images, const PatchGrid& grid) {
  const int64_t below = grid.rows() * grid.patch_height - grid.image.height;
  const int64_t beside = grid.columns() * grid.patch_width - grid.image.width;
  return at::constant_pad_nd(images, {0, beside, 0, below})
      .unflatten(3, {grid.columns(), grid.patch_width})
      .unflatten(2, {grid.rows(), grid.patch_height})
      .permute({0, 2, 4, 1, 3, 5})  // N x rows x columns x C x patch height x patch width
      .flatten(3)
      .flatten(1, 2);
}

torch::Tensor unpatchify(const torch::Tensor& patches, const PatchGrid& grid) {
  return patches.unflatten(2, {grid.image.channels, grid.patch_height, grid.patch_width})
      .unflatten(1, {grid.rows(), grid.columns()})
      .permute({0, 3, 1, 4, 2, 5})  // N x C x rows x patch height x columns x patch width
      .flatten(4)
      .flatten(2, 3)
      .narrow(2, 0, grid.image.height)
      .narrow(3, 0, grid.image.width);
}

void check_transformer(const TransformerSize& size, const std::string& width_option) {
  if (size.width % 4 != 0 || size.width % size.heads != 0) {
    throw Error(fmt::format("{} is {}, but must be a multiple of 4 and of heads, which is {}", width_option,
                            size.width, size.heads));
  }
}

torch::nn::Linear token_linear(int64_t inputs, int64_t outputs) {
  torch::nn::Linear layer(inputs, outputs);
  torch::nn::init::normal_(layer->weight, 0, kInitialDeviation);
  torch::nn::init::zeros_(layer->bias);
  return layer;
}

void append_patch_embedding(torch::nn::Sequential& layers, const PatchGrid& grid, int64_t width) {
  layers->push_back(Patchify(grid));
  layers->push_back(token_linear(grid.patch_size(), width));
  layers->push_back(Positions(grid, width));
}

void append_blocks(torch::nn::Sequential& layers, const TransformerSize& size, Attention attention) {
  for (int64_t block = 0; block < size.depth; ++block) {
    layers->push_back(TransformerBlock(size.width, size.heads, attention));
  }
  layers->push_back(layer_norm(size.width));
}

void append_patch_decoder(torch::nn::Sequential& layers, const PatchGrid& grid, const TransformerSize& size) {
  layers->push_back(Positions(grid, size.width));
  append_blocks(layers, size, Attention::kFused);
  layers->push_back(token_linear(size.width, grid.patch_size()));
  layers->push_back(Unpatchify(grid));
}

void PatchTransformer::visit(OptionVisitor& visitor) {
  visitor.option("patch-size", patch_size_, "height and width of a patch in pixels", between(1, 32'000));
  visitor.option("width", size_.width, "numbers in the token of a patch", between(4, kMostUnits));
  visitor.option("depth", size_.depth, "transformer blocks", between(1, kMostLayers));
  visitor.option("heads", size_.heads, "heads of each block's attention", between(1, kMostUnits));
}

PatchGrid PatchTransformer::grid(const ImageShape& image) const {
  return {image, std::min(patch_size_, image.height), std::min(patch_size_, image.width)};
}

std::vector<ImageShape> PatchTransformer::levels(const ImageShape& input) const {
  const PatchGrid patches = grid(input);
  return {input, {size_.width, patches.rows(), patches.columns()}};
}

torch::nn::Sequential PatchTransformer::make_encoder(const ImageShape& input, int64_t outputs) const {
  check_transformer(size_, "width");
  const PatchGrid patches = grid(input);
  torch::nn::Sequential layers;
  append_patch_embedding(layers, patches, size_.width);
  append_blocks(layers, size_, Attention::kTwiceDifferentiable);
  layers->push_back(torch::nn::Flatten());
  layers->push_back(torch::nn::Linear(patches.patches() * size_.width, outputs));
  return layers;
}

torch::nn::Sequential PatchTransformer::make_decoder(int64_t inputs, const ImageShape& output) const {
  check_transformer(size_, "width");
  const PatchGrid patches = grid(output);
  torch::nn::Sequential layers;
  layers->push_back(torch::nn::Linear(inputs, patches.patches() * size_.width));
  layers->push_back(torch::nn::Unflatten(torch::nn::UnflattenOptions(1, {patches.patches(), size_.width})));
  append_patch_decoder(layers, patches, size_);
  return layers;
}

namespace {

const BackboneRegistration<PatchTransformer> transformer_backbone("transformer",
                                                                  "transformer blocks over patches");

}  // namespace
}  // namespace autoencoder
