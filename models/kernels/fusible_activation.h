// Activations that a fused layer applies itself: those whose derivative follows from their output.
#pragma once

#include <functional>

#include <torch/csrc/autograd/custom_function.h>
#include <torch/nn/module.h>

namespace autoencoder {

enum class FusibleActivation : int8_t { kNone, kRelu, kTanh, kSigmoid };

/// What a fused layer does with its sums, and the type that they are put out in: float32, or bfloat16 with
/// Bfloat16Products.
struct Finish {
  FusibleActivation activation = FusibleActivation::kNone;
  c10::ScalarType type = c10::kFloat;
};

/// That of a layer; kNone where it is none of them.
FusibleActivation fusible_activation(const torch::nn::Module& layer);

void activate_in_place(FusibleActivation activation, torch::Tensor& values);

/// The output of a layer: activation(factors weights + bias) in the place of `output`, M x N.
void put_activated(FusibleActivation activation, const torch::Tensor& bias, const torch::Tensor& factors,
                   const torch::Tensor& weights, torch::Tensor& output);

/// The gradient before an activation, from the one after it and the activation's output.
torch::Tensor gradient_before(FusibleActivation activation, const torch::Tensor& gradient,
                              const torch::Tensor& output);

/// What the backward pass of a fused layer returns where its own derivative is wanted: the gradients of
/// input, weight and bias (the first three of `saved`) by LibTorch's own operations, and none of what
/// describes the layer. plain_layer is the layer without its activation, in float32.
torch::autograd::tensor_list differentiable_gradients(
    const torch::autograd::tensor_list& saved, const torch::Tensor& gradient, FusibleActivation activation,
    const std::function<torch::Tensor(const torch::autograd::tensor_list& sources)>& plain_layer);

}  // namespace autoencoder
