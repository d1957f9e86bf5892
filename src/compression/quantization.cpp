#include "compression/quantization.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

constexpr double kBytesPerOctave = 8;
constexpr double kSmallestOctave = -24;
constexpr double kLargestByte = 255;
constexpr int kProbes = 8;

}  // namespace

torch::Tensor steps_to_bytes(const torch::Tensor& steps) {
  const torch::Tensor octaves = torch::log2(steps) - kSmallestOctave;
  return (octaves * kBytesPerOctave).round().clamp(0, kLargestByte).to(torch::kUInt8);
}

torch::Tensor bytes_to_steps(const torch::Tensor& bytes) {
  return torch::exp2(bytes.to(torch::kFloat64) / kBytesPerOctave + kSmallestOctave);
}

torch::Tensor quantize(const torch::Tensor& codes, const torch::Tensor& steps) {
  const torch::Tensor symbols = (codes.to(torch::kFloat64) / steps.to(codes.device())).round();
  return symbols.clamp(-kLargestSymbol, kLargestSymbol).to(torch::kInt32);
}

torch::Tensor dequantize(const torch::Tensor& symbols, const torch::Tensor& steps) {
  return symbols.to(torch::kFloat64) * steps.to(symbols.device());
}

torch::Tensor decoder_gains(Autoencoder& model, const torch::Tensor& codes, at::Generator rng) {
  const torch::AutoGradMode with_gradients(true);
  torch::Tensor gains = torch::zeros({codes.size(1)}, torch::kFloat64);
  for (int probe = 0; probe < kProbes; ++probe) {
    const torch::Tensor point = codes.detach().clone().requires_grad_();
    const torch::Tensor picture = model.decode(point);
    const torch::Tensor signs =
        2 * torch::randint(0, 2, picture.sizes(), rng, torch::kFloat32).to(picture.options()) - 1;
    const torch::Tensor slope = torch::autograd::grad({(picture * signs).sum()}, {point}).front();
    gains += slope.to(torch::kFloat64).square().mean(0).cpu();
  }
  return gains / kProbes;
}

torch::Tensor step_sizes(const torch::Tensor& gains, double added_mse, int64_t pixels) {
  const double share = added_mse * static_cast<double>(pixels) / static_cast<double>(gains.size(0));
  return (12 * share / gains).sqrt();
}

}  // namespace autoencoder
