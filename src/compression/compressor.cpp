#include "compression/compressor.h"

#include <algorithm>

#include <torch/types.h>

#include "common/error.h"
#include "common/random.h"
#include "compression/quantization.h"

namespace autoencoder {
namespace {

constexpr int64_t kSampled = 64;
constexpr int64_t kMostPixelsAtOnce = 1 << 22;  // that are decoded: layers take many times their memory
constexpr double kLeastError = 1.0 / (255.0 * 255.0 * 12.0);  // what rounding to bytes costs

// 0..255 -> 0..1 where the model lies and in its precision.
torch::Tensor as_input(const Autoencoder& model, const torch::Tensor& bytes) {
  return bytes.to(model.parameters().front().options()) / 255;
}

// Pixels, those that decode to the darkest first. How far the model is off depends on that: Zstandard adapts
// to each stretch of such a row.
torch::Tensor by_brightness(const torch::Tensor& decoded) {
  return decoded.flatten().argsort(/*stable=*/true);
}

}  // namespace

torch::Tensor as_bytes(const torch::Tensor& pictures) {
  return (pictures * 255).round().clamp(0, 255).to(torch::kUInt8).cpu();
}

CodeFileHeader plan_compression(Autoencoder& model, const torch::Tensor& sample,
                                const CompressionQuality& quality) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor input = as_input(model, sample.slice(0, 0, kSampled));
  const torch::Tensor codes = model.encode(input);
  const double own_error = (model.decode(codes) - input).square().mean().item<double>();
  const torch::Tensor steps =
      step_sizes(decoder_gains(model, codes, make_generator(0)),
                 quality.extra_error * std::max(own_error, kLeastError), model.input_shape().size());
  const bool is_lossless = quality.fidelity == Fidelity::kLossless;
  return {.model = digest_of(model),
          .residual_width = is_lossless ? model.input_shape().size() : 0,
          .steps = steps_to_bytes(steps)};
}

uint64_t bytes_of_model(const Autoencoder& model) {
  uint64_t bytes = 0;
  for (const torch::Tensor& parameter : model.parameters()) {
    bytes += parameter.nbytes();
  }
  for (const torch::Tensor& buffer : model.buffers()) {
    bytes += buffer.nbytes();
  }
  return bytes;
}

Compressor::Compressor(const SavedModel& saved, const CodeFileHeader& header)
    : model_(header.is_lossless() ? copy_of(saved).model : saved.model),
      steps_(bytes_to_steps(header.steps)) {
  if (header.is_lossless()) {
    exact_.emplace(*model_);
  }
}

CodeChunk Compressor::compress(const torch::Tensor& images) const {
  const torch::NoGradGuard no_grad;
  CodeChunk chunk = {.symbols = quantize(model_->encode(as_input(*model_, images)), steps_).cpu(),
                     .residual = {}};
  if (exact_) {
    const torch::Tensor decoded = decode(chunk.symbols);
    const torch::Tensor residual = images - decoded;  // bytes wrap around
    chunk.residual = residual.flatten().index_select(0, by_brightness(decoded)).view({images.size(0), -1});
    chunk.checksum = checksum_of(images);
  }
  return chunk;
}

torch::Tensor Compressor::decompress(const CodeChunk& chunk) const {
  const torch::NoGradGuard no_grad;
  torch::Tensor decoded = decode(chunk.symbols);
  if (!exact_) {
    return decoded;
  }
  const torch::Tensor residual = torch::empty_like(decoded).flatten();
  residual.index_copy_(0, by_brightness(decoded), chunk.residual.flatten());
  torch::Tensor images = decoded + residual.view_as(decoded);
  if (checksum_of(images) != chunk.checksum) {
    throw Error(
        "the pictures do not come out as they went in: this build computes otherwise than the one that "
        "compressed them; use the LibTorch that it used");
  }
  return images;
}

torch::Tensor Compressor::decode(const torch::Tensor& symbols) const {
  const torch::TensorOptions options = model_->parameters().front().options();
  std::vector<torch::Tensor> pictures;
  for (const torch::Tensor& some :
       symbols.split(std::max<int64_t>(kMostPixelsAtOnce / model_->input_shape().size(), 1))) {
    pictures.push_back(as_bytes(model_->decode(dequantize(some, steps_).to(options))));
  }
  return torch::cat(pictures);
}

}  // namespace autoencoder
