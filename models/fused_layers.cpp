#include "models/fused_layers.h"

#include <optional>

#include <ATen/autocast_mode.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include "models/fused_convolution.h"
#include "models/fused_linear.h"

namespace autoencoder {
namespace {

using torch::Tensor;

bool is_fused(const Tensor& input) {
  return input.is_cpu() && input.scalar_type() == torch::kFloat32 && !torch::jit::tracer::isTracing() &&
         !at::autocast::is_autocast_enabled(at::kCPU);
}

// Of a single image patches are not worth their gathering, unless gradients need them.
bool pays_as_patches(const Tensor& input) { return torch::GradMode::is_enabled() || input.size(0) > 1; }

// The layer's output, activated; nothing where the layer is none that is fused.
std::optional<Tensor> apply_fused(torch::nn::Module& layer, FusibleActivation activation,
                                  const Tensor& input) {
  if (const auto* linear = layer.as<torch::nn::Linear>();
      linear != nullptr && torch::GradMode::is_enabled() && takes_fused_linear(*linear, input)) {
    return fused_linear(*linear, activation, input);
  }
  if (const auto* down = layer.as<torch::nn::Conv2d>();
      down != nullptr && pays_as_patches(input) && takes_fused_convolution(*down)) {
    return fused_convolution(*down, activation, input);
  }
  if (const auto* up = layer.as<torch::nn::ConvTranspose2d>();
      up != nullptr && pays_as_patches(input) && takes_fused_convolution(*up)) {
    return fused_convolution(*up, activation, input);
  }
  return std::nullopt;
}

}  // namespace

Tensor forward_fused(torch::nn::Sequential& layers, const Tensor& input) {
  if (!is_fused(input)) {
    return layers->forward(input);
  }
  Tensor values = input;
  for (auto layer = layers->begin(); layer != layers->end(); ++layer) {
    const auto next = layer + 1;
    const auto activation =
        next == layers->end() ? FusibleActivation::kNone : fusible_activation(*next->ptr());
    if (const auto output = apply_fused(*layer->ptr(), activation, values)) {
      values = *output;
      layer = activation == FusibleActivation::kNone ? layer : next;
    } else {
      values = layer->forward(values);
    }
  }
  return values;
}

}  // namespace autoencoder
