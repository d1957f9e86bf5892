// Activation functions.
#pragma once

#include <torch/nn/modules/container/sequential.h>
#include <torch/types.h>

#include "common/options.h"
#include "models/autoencoder.h"

namespace autoencoder {

enum class Activation { kNone, kRelu, kLeakyRelu, kElu, kGelu, kSilu, kSoftplus, kTanh, kSigmoid };

/// "none", "relu", "leaky-relu", "elu", "gelu", "silu", "softplus", "tanh", "sigmoid".
Choices<Activation> activations();

/// The function applied to each element.
torch::Tensor activate(Activation activation, const torch::Tensor& input);

/// Where its values lie.
Interval reach_of(Activation activation);

/// Appends the activation as a layer; kNone appends nothing.
void append_activation(torch::nn::Sequential& layers, Activation activation);

}  // namespace autoencoder
