// Transformers over the patches of an image (Dosovitskiy et al. 2021): what cuts images into patches and puts
// them together again, and the layers between. The backbone "transformer" is made of them, and so is the
// masked family, which shows its encoder a part of the patches alone.
#pragma once

#include <cstdint>
#include <string>

#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "common/image_shape.h"
#include "models/backbones/backbone.h"

namespace autoencoder {

/// An image cut into patches, numbered row by row. Those of the last row and column reach over the image's
/// edge where its sides are no multiples of theirs.
struct PatchGrid {
  ImageShape image;
  int64_t patch_height = 0;
  int64_t patch_width = 0;

  int64_t rows() const { return (image.height + patch_height - 1) / patch_height; }
  int64_t columns() const { return (image.width + patch_width - 1) / patch_width; }
  int64_t patches() const { return rows() * columns(); }
  /// Numbers in a patch: of all channels, those over the edge, too.
  int64_t patch_size() const { return image.channels * patch_height * patch_width; }
  /// The same patches of an image of one channel.
  PatchGrid of_one_channel() const;
};

/// N x C x H x W -> N x patches x patch_size, 0 over the edge. Traceable.
torch::Tensor patchify(const torch::Tensor& images, const PatchGrid& grid);

/// The way back: what lies over the edge is left out. Traceable.
torch::Tensor unpatchify(const torch::Tensor& patches, const PatchGrid& grid);

struct TransformerSize {
  int64_t width = 0;  ///< numbers in a token
  int64_t depth = 0;  ///< blocks
  int64_t heads = 0;  ///< of each block's attention
};

/// Throws Error, naming the width's option, unless the width goes with the heads and with the positions.
void check_transformer(const TransformerSize& size, const std::string& width_option);

/// Weights start as small as in Devlin et al. 2019: each block begins by changing little.
torch::nn::Linear token_linear(int64_t inputs, int64_t outputs);

/// N x C x H x W -> N x patches x width: a token for each patch, with its position.
void append_patch_embedding(torch::nn::Sequential& layers, const PatchGrid& grid, int64_t width);

/// How attention is computed; both give the same numbers.
enum class Attention : std::uint8_t {
  kFused,                ///< fast, and in memory that grows with the tokens, not with their square
  kTwiceDifferentiable,  ///< for losses that hold a derivative of the encoder
};

/// N x T x width -> N x T x width: transformer blocks over any number of tokens.
void append_blocks(torch::nn::Sequential& layers, const TransformerSize& size, Attention attention);

/// N x patches x width, tokens that know nothing of their position -> N x C x H x W of logits.
void append_patch_decoder(torch::nn::Sequential& layers, const PatchGrid& grid, const TransformerSize& size);

/// What of a backbone makes a token of each patch of an image, for families that have layers of their own for
/// the rest.
class Tokens {
 public:
  virtual ~Tokens() = default;
  /// Patches are never larger than the image.
  virtual PatchGrid grid(const ImageShape& image) const = 0;
  virtual const TransformerSize& size() const = 0;
};

/// A token for each patch, a code of all tokens together, and the mirror image of that.
class PatchTransformer : public Backbone, public Tokens {
 public:
  void visit(OptionVisitor& visitor) override;
  std::vector<ImageShape> levels(const ImageShape& input) const override;
  torch::nn::Sequential make_encoder(const ImageShape& input, int64_t outputs) const override;
  torch::nn::Sequential make_decoder(int64_t inputs, const ImageShape& output) const override;
  const Tokens* tokens() const override { return this; }

  PatchGrid grid(const ImageShape& image) const override;
  const TransformerSize& size() const override { return size_; }

 private:
  int64_t patch_size_ = 4;
  TransformerSize size_ = {.width = 128, .depth = 4, .heads = 4};
};

}  // namespace autoencoder
