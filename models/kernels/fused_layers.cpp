#include "models/kernels/fused_layers.h"

#include <algorithm>
#include <optional>
#include <typeindex>
#include <unordered_set>

#include <ATen/autocast_mode.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/modules/pooling.h>
#include <torch/nn/modules/upsampling.h>

#include "models/kernels/bfloat16.h"
#include "models/kernels/fused_convolution.h"
#include "models/kernels/fused_linear.h"
#include "models/kernels/fused_normalisation.h"
#include "models/kernels/repeated_pixels.h"

namespace autoencoder {
namespace {

using torch::Tensor;

bool is_fused(const Tensor& input) {
  return input.is_cpu() && input.scalar_type() == torch::kFloat32 && !torch::jit::tracer::isTracing() &&
         !at::autocast::is_autocast_enabled(at::kCPU);
}

Tensor in_float32(const Tensor& values) { return values.to(torch::kFloat32); }

// Of a single image patches are not worth their gathering, unless gradients need them.
bool pays_as_patches(const Tensor& input) { return torch::GradMode::is_enabled() || input.size(0) > 1; }

// The layer's output, activated; nothing where the layer is none that is fused.
std::optional<Tensor> apply_fused(torch::nn::Module& layer, const Finish& finish, const Tensor& input) {
  if (const auto* linear = layer.as<torch::nn::Linear>();
      linear != nullptr && takes_fused_linear(*linear, input)) {
    return fused_linear(*linear, finish, input);
  }
  if (const auto* down = layer.as<torch::nn::Conv2d>();
      down != nullptr && pays_as_patches(input) && takes_fused_convolution(*down, input)) {
    return fused_convolution(*down, finish, input);
  }
  if (const auto* up = layer.as<torch::nn::ConvTranspose2d>();
      up != nullptr && pays_as_patches(input) && takes_fused_convolution(*up, input)) {
    return fused_convolution(*up, finish, input);
  }
  if (const auto* norm = layer.as<torch::nn::GroupNorm>();
      norm != nullptr && takes_fused_normalisation(*norm, in_float32(input))) {
    return fused_normalisation(*norm, finish.activation, in_float32(input));
  }
  return std::nullopt;
}

using Place = torch::nn::SequentialImpl::Iterator;

// The convolution that is one with the layer at `place`, which repeats pixels for it; null where it does not.
const torch::nn::Conv2dImpl* convolution_of_repeated(Place place, Place end, const Tensor& input) {
  const auto* repeated = place->ptr()->as<RepeatedPixels>();
  const auto* convolution =
      repeated == nullptr || place + 1 == end ? nullptr : (place + 1)->ptr()->as<torch::nn::Conv2d>();
  const bool is_taken = convolution != nullptr && pays_as_patches(input) &&
                        takes_convolution_of_repeated(*repeated, *convolution, input);
  return is_taken ? convolution : nullptr;
}

bool is_fused_convolution(const torch::nn::Module& layer) {
  const auto* down = layer.as<torch::nn::Conv2d>();
  const auto* up = layer.as<torch::nn::ConvTranspose2d>();
  return (down != nullptr && takes_fused_convolution(*down)) ||
         (up != nullptr && takes_fused_convolution(*up));
}

// Of LibTorch's layers, and of exactly these types: a class derived from one may do anything.
bool is_known_free(const torch::nn::Module& layer) {
  if (const auto* flatten = layer.as<torch::nn::Flatten>()) {
    return flatten->options.start_dim() > 0;
  }
  if (const auto* unflatten = layer.as<torch::nn::Unflatten>()) {
    return unflatten->options.dim() > 0;
  }
  // GELU is oneDNN's, too, but computes number by number, and needs no scratch memory.
  static const std::unordered_set<std::type_index> kTypes = {
      typeid(torch::nn::LinearImpl),    typeid(torch::nn::LayerNormImpl), typeid(torch::nn::GroupNormImpl),
      typeid(torch::nn::MaxPool2dImpl), typeid(torch::nn::UpsampleImpl),  typeid(torch::nn::ReLUImpl),
      typeid(torch::nn::LeakyReLUImpl), typeid(torch::nn::ELUImpl),       typeid(torch::nn::GELUImpl),
      typeid(torch::nn::SiLUImpl),      typeid(torch::nn::SoftplusImpl),  typeid(torch::nn::TanhImpl),
      typeid(torch::nn::SigmoidImpl)};
  return kTypes.contains(typeid(layer));
}

bool is_convolution(const torch::nn::Module& layer) {
  return layer.as<torch::nn::Conv2d>() != nullptr || layer.as<torch::nn::ConvTranspose2d>() != nullptr;
}

// A layer that is run by its own forward.
Division own_division(const torch::nn::Module& layer, Differentiated differentiated) {
  if (is_known_free(layer)) {
    return Division::kFree;
  }
  const auto* divisible = dynamic_cast<const DivisibleLayer*>(&layer);
  if (divisible == nullptr) {
    return is_convolution(layer) ? Division::kInTurn : Division::kNone;
  }
  Division least = divisible->division();
  for (const auto& held : layer.children()) {
    const auto* layers = held->as<torch::nn::Sequential>();
    least = std::min(least, layers != nullptr ? division_of(*layers, differentiated)
                                              : own_division(*held, differentiated));
  }
  return least;
}

}  // namespace

Division division_of(const torch::nn::SequentialImpl& layers, Differentiated differentiated) {
  Division least = Division::kFree;
  for (const auto& layer : layers.children()) {
    const bool is_free = differentiated == Differentiated::kOnce && is_fused_convolution(*layer);
    least = std::min(least, is_free ? Division::kFree : own_division(*layer, differentiated));
  }
  return least;
}

Tensor forward_fused(torch::nn::Sequential& layers, const Tensor& input) {
  if (!is_fused(input)) {
    return layers->forward(input);
  }
  Tensor values = input;
  for (auto layer = layers->begin(); layer != layers->end(); ++layer) {
    const auto* convolution = convolution_of_repeated(layer, layers->end(), values);
    layer += convolution == nullptr ? 0 : 1;
    const auto next = layer + 1;
    Finish finish;
    finish.activation = next == layers->end() ? FusibleActivation::kNone : fusible_activation(*next->ptr());
    const auto last = finish.activation == FusibleActivation::kNone ? layer : next;
    finish.type =
        Bfloat16Products::are_on() && last + 1 != layers->end() ? torch::kBFloat16 : torch::kFloat32;
    const auto output = convolution == nullptr ? apply_fused(*layer->ptr(), finish, values)
                                               : fused_convolution_of_repeated(*convolution, finish, values);
    if (output) {
      values = *output;
      layer = last;
    } else {
      values = layer->forward(in_float32(values));
    }
  }
  return values;
}

Tensor forward_fused(torch::nn::Linear& layer, const Tensor& input) {
  const auto output = is_fused(input) ? apply_fused(*layer, Finish(), input) : std::nullopt;
  return output ? *output : layer->forward(input);
}

}  // namespace autoencoder
