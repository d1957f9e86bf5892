// What the families share that learn with a backbone's encoder and decoder as they are.
#pragma once

#include <torch/nn/modules/linear.h>

#include "common/options.h"
#include "data/row_layout.h"
#include "models/activation.h"
#include "models/autoencoder.h"
#include "models/backbones/backbone.h"
#include "models/column_likelihood.h"
#include "models/losses.h"

namespace autoencoder {

/// Options of every such family. A family derives from it to change defaults and to add its own.
struct BackboneAutoencoderOptions : Options {
  int64_t latent_dim = 32;
  Activation output_activation = Activation::kSigmoid;
  ReconstructionLoss loss = ReconstructionLoss::kSquared;
  std::string layout;  ///< of a table's row (RowLayout); empty where the data is no table
  bool mask_input = false;

  void visit(OptionVisitor& visitor) override;

  /// The reconstruction losses that the family takes.
  virtual Choices<ReconstructionLoss> losses() const;
};

/// Holds encoder and decoder and turns logits into reconstructions and losses.
class BackboneAutoencoder : public Autoencoder {
 public:
  std::vector<Stage> stages() override;
  Interval reach() const override;
  const RowLayout& row_layout() const override { return layout_; }
  bool is_told_of_holes() const override { return mask_input_; }

 protected:
  /// outputs_per_code: how many numbers the encoder gives for each number of the code.
  /// Throws Error as check_loss.
  BackboneAutoencoder(const BackboneAutoencoderOptions& options, const Backbone& backbone,
                      const ImageShape& shape, int64_t outputs_per_code = 1);

  /// N x C x H x W -> N x (outputs_per_code * D). Of a table's rows the encoder sees holes as 0, which is the
  /// mean of scaled numbers, counts as their logarithms, and which cells are holes where it is asked to.
  Tensor run_encoder(const Tensor& input);

  /// Scaled rows with 0, the mean, in the place of holes; anything else as it is.
  Tensor filled(const Tensor& input) const;

  /// N x D -> N x C x H x W of logits in float32: under bfloat16 autocast they come in half the bits, and a
  /// loss summed over many pixels needs them all.
  Tensor logits(const Tensor& code);

  /// The reconstruction loss of each example, summed over its pixels or columns, N: `code` decoded, against
  /// `target`, whose holes cost nothing.
  Tensor example_errors(const Tensor& code, const Tensor& target);

  /// The mean reconstruction loss of a pixel, or of a column where the loss is one of columns.
  Tensor mean_error(const Tensor& code, const Tensor& target) {
    return example_errors(code, target).mean() / static_cast<double>(terms_);
  }

  /// Examples drawn from the columns' distributions given codes; what decode gives where there are none.
  Tensor drawn(const Tensor& code, const at::Generator& rng);

  /// How parts of a batch may pass encoder and decoder (models/kernels/fused_layers.h).
  Division division_of_layers() const { return division_of_layers_; }

  Tensor do_decode(const Tensor& code) override;

  torch::nn::Sequential& encoder() { return encoder_; }
  torch::nn::Sequential& decoder() { return decoder_; }

  /// The only linear layer of `layers`, or null where there are more, or convolutions.
  static std::shared_ptr<torch::nn::LinearImpl> only_linear(torch::nn::Sequential& layers);

 private:
  Tensor seen(const Tensor& input) const;
  /// What the encoder takes: beside a row, where it is told of them, which of its columns are holes.
  ImageShape seen_shape() const;

  Activation output_activation_;
  ReconstructionLoss loss_;
  RowLayout layout_;
  bool mask_input_;
  Tensor column_starts_;                       // first entry of each column, int64; where holes are told
  Tensor counts_;                              // entries that are counts, int64; where there are any
  int64_t terms_;                              // of an example's loss
  std::shared_ptr<ColumnLikelihood> columns_;  // null where the loss is none of columns
  torch::nn::Sequential encoder_;
  torch::nn::Sequential decoder_;
  Division division_of_layers_;
};

}  // namespace autoencoder
