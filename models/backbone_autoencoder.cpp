#include "models/backbone_autoencoder.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "common/error.h"
#include "models/kernels/fused_layers.h"

namespace autoencoder {

void BackboneAutoencoderOptions::visit(OptionVisitor& visitor) {
  visitor.option("latent-dim", latent_dim, "numbers in a code", between(1, kMostUnits));
  visitor.choice("output-activation", output_activation, "activation of the reconstruction", activations());
  visitor.choice("loss", loss, "reconstruction loss", losses());
  visitor.option("layout", layout,
                 "kinds of the columns of a table's rows; training finds them in the table");
  visitor.option("mask-input", mask_input, "tell the encoder which cells of a table's row are holes");
}

Choices<ReconstructionLoss> BackboneAutoencoderOptions::losses() const {
  Choices<ReconstructionLoss> all = reconstruction_losses();
  const Choices<ReconstructionLoss> of_pictures = picture_losses();
  all.insert(all.end(), of_pictures.begin(), of_pictures.end());
  all.emplace_back("columns", ReconstructionLoss::kColumns);
  return all;
}

namespace {

void check_layout(const BackboneAutoencoderOptions& options, const RowLayout& layout,
                  const ImageShape& shape) {
  if (layout.empty() && (options.loss == ReconstructionLoss::kColumns || options.mask_input)) {
    throw Error(fmt::format("{} is for rows of tables, but the data is none; leave it away",
                            options.mask_input ? "mask-input" : "loss columns"));
  }
  if (options.loss == ReconstructionLoss::kColumns && options.output_activation != Activation::kNone) {
    throw Error(
        "loss columns gives each column an output of its own; leave --output-activation away, or add --loss "
        "mse");
  }
  if (!layout.empty() && !(shape == ImageShape{1, 1, layout.width()})) {
    throw Error(
        fmt::format("layout is of rows of {} numbers, but the data has {}", layout.width(), shape.text()));
  }
}

// Where the counts are in a row.
std::vector<int64_t> count_entries(const RowLayout& layout) {
  std::vector<int64_t> entries;
  for (const ColumnSpan& span : layout.spans()) {
    if (span.kind == ColumnKind::kCount) {
      entries.push_back(span.first);
    }
  }
  return entries;
}

}  // namespace

BackboneAutoencoder::BackboneAutoencoder(const BackboneAutoencoderOptions& options, const Backbone& backbone,
                                         const ImageShape& shape, int64_t outputs_per_code)
    : Autoencoder(shape, backbone.code_shape(shape, options.latent_dim)),
      output_activation_(options.output_activation),
      loss_(options.loss),
      layout_(options.layout),
      mask_input_(options.mask_input),
      terms_(shape.size()) {
  check_loss(loss_, output_activation_, shape);
  check_layout(options, layout_, shape);
  Coder coder = backbone.make_coder({.input = seen_shape(),
                                     .encoder_outputs = outputs_per_code * latent_dim(),
                                     .latent_dim = latent_dim(),
                                     .output = shape});
  encoder_ = register_module("encoder", coder.encoder);
  decoder_ = register_module("decoder", coder.decoder);
  if (loss_ == ReconstructionLoss::kColumns) {
    columns_ = register_module("columns", std::make_shared<ColumnLikelihood>(layout_));
    terms_ = std::ssize(layout_.spans());
  }
  if (mask_input_) {
    column_starts_ = register_buffer("column_starts", torch::tensor(layout_.first_entries()));
  }
  if (const std::vector<int64_t> counts = count_entries(layout_); !counts.empty()) {
    counts_ = register_buffer("counts", torch::tensor(counts));
  }
  division_of_layers_ = std::min(division_of(*encoder_), division_of(*decoder_));
}

Tensor BackboneAutoencoder::do_decode(const Tensor& code) {
  return columns_ ? columns_->expected(logits(code))
                  : activate(output_activation_, forward_fused(decoder_, code));
}

Tensor BackboneAutoencoder::filled(const Tensor& input) const {
  return layout_.empty() ? input : input.masked_fill(torch::isnan(input), 0);
}

Tensor BackboneAutoencoder::seen(const Tensor& input) const {
  if (layout_.empty()) {
    return input;
  }
  Tensor row = filled(input);
  if (counts_.defined()) {
    row = row.index_copy(3, counts_, torch::log1p(row.index_select(3, counts_).clamp_min(0)));
  }
  if (!mask_input_) {
    return row;
  }
  const Tensor is_hole = torch::isnan(input.index_select(3, column_starts_));
  return torch::cat({row, is_hole.to(row.dtype())}, 3);
}

Tensor BackboneAutoencoder::run_encoder(const Tensor& input) { return forward_fused(encoder_, seen(input)); }

Tensor BackboneAutoencoder::logits(const Tensor& code) {
  return forward_fused(decoder_, code).to(torch::kFloat32);
}

Tensor BackboneAutoencoder::drawn(const Tensor& code, const at::Generator& rng) {
  return columns_ ? unscaled(columns_->draw(logits(code), rng)) : decode(code);
}

Tensor BackboneAutoencoder::example_errors(const Tensor& code, const Tensor& target) {
  if (columns_) {
    return columns_->errors(logits(code), target).sum(1);
  }
  return layout_.empty() ? summed_reconstruction_error(loss_, logits(code), output_activation_, target)
                         : summed_error_of_rows(loss_, logits(code), output_activation_, target);
}

Interval BackboneAutoencoder::reach() const { return columns_ ? Interval{} : reach_of(output_activation_); }

std::vector<Stage> BackboneAutoencoder::stages() {
  const auto& [channels, height, width] = seen_shape();
  return {{"encoder", encoder_, {channels, height, width}}, {"decoder", decoder_, {latent_dim()}}};
}

ImageShape BackboneAutoencoder::seen_shape() const {
  ImageShape shape = input_shape();
  shape.width += mask_input_ ? std::ssize(layout_.spans()) : 0;
  return shape;
}

std::shared_ptr<torch::nn::LinearImpl> BackboneAutoencoder::only_linear(torch::nn::Sequential& layers) {
  std::shared_ptr<torch::nn::LinearImpl> found;
  for (const auto& layer : layers->children()) {
    const auto linear = std::dynamic_pointer_cast<torch::nn::LinearImpl>(layer);
    if (!layer->parameters().empty() && (!linear || found)) {
      return nullptr;
    }
    found = linear ? linear : found;
  }
  return found;
}

}  // namespace autoencoder
