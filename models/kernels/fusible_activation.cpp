#include "models/kernels/fusible_activation.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/nn/modules/activation.h>

#include "models/kernels/products.h"

namespace autoencoder {

using torch::Tensor;

namespace {

Tensor activated(FusibleActivation activation, const Tensor& input) {
  switch (activation) {
    case FusibleActivation::kRelu:
      return torch::relu(input);
    case FusibleActivation::kTanh:
      return torch::tanh(input);
    case FusibleActivation::kSigmoid:
      return torch::sigmoid(input);
    case FusibleActivation::kNone:
      break;
  }
  return input;
}

}  // namespace

FusibleActivation fusible_activation(const torch::nn::Module& layer) {
  if (layer.as<torch::nn::ReLU>() != nullptr) {
    return FusibleActivation::kRelu;
  }
  if (layer.as<torch::nn::Tanh>() != nullptr) {
    return FusibleActivation::kTanh;
  }
  return layer.as<torch::nn::Sigmoid>() != nullptr ? FusibleActivation::kSigmoid : FusibleActivation::kNone;
}

void activate_in_place(FusibleActivation activation, Tensor& values) {
  switch (activation) {
    case FusibleActivation::kRelu:
      values.relu_();
      break;
    case FusibleActivation::kTanh:
      values.tanh_();
      break;
    case FusibleActivation::kSigmoid:
      values.sigmoid_();
      break;
    case FusibleActivation::kNone:
      break;
  }
}

void put_activated(FusibleActivation activation, const Tensor& bias, const Tensor& factors,
                   const Tensor& weights, Tensor& output) {
  const bool is_rectified = activation == FusibleActivation::kRelu;
  put_layer(bias, factors, weights, is_rectified, output);
  if (!is_rectified) {
    activate_in_place(activation, output);
  }
}

Tensor gradient_before(FusibleActivation activation, const Tensor& gradient, const Tensor& output) {
  switch (activation) {
    case FusibleActivation::kRelu:
      return at::threshold_backward(gradient, output, 0);
    case FusibleActivation::kTanh:
      return at::tanh_backward(gradient, output);
    case FusibleActivation::kSigmoid:
      return at::sigmoid_backward(gradient, output);
    case FusibleActivation::kNone:
      break;
  }
  return gradient;
}

torch::autograd::tensor_list differentiable_gradients(
    const torch::autograd::tensor_list& saved, const Tensor& gradient, FusibleActivation activation,
    const std::function<Tensor(const torch::autograd::tensor_list&)>& plain_layer) {
  torch::autograd::tensor_list sources = {saved[0], saved[1], saved[2]};
  torch::autograd::tensor_list widened;
  for (Tensor& source : sources) {
    source = source.requires_grad() ? source : source.detach().requires_grad_();
    widened.push_back(source.to(torch::kFloat32));
  }
  const Tensor output = activated(activation, plain_layer(widened));
  torch::autograd::tensor_list gradients =
      torch::autograd::grad({output}, sources, {gradient.to(torch::kFloat32)},
                            /*retain_graph=*/true, /*create_graph=*/true);
  gradients.emplace_back();
  return gradients;
}

}  // namespace autoencoder
