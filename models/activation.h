// Activation functions by name.
#pragma once

#include <string>
#include <vector>

#include <torch/nn/modules/container/sequential.h>
#include <torch/types.h>

#include "models/autoencoder.h"

namespace autoencoder {

/// "none", "relu", "leaky-relu", "elu", "gelu", "silu", "softplus", "tanh", "sigmoid".
std::vector<std::string> activation_names();

/// The function of that name, applied to each element.
torch::Tensor activate(const std::string& name, const torch::Tensor& input);

/// Where its values lie.
Interval reach_of(const std::string& name);

/// Appends the activation as a layer; "none" appends nothing.
void append_activation(torch::nn::Sequential& layers, const std::string& name);

}  // namespace autoencoder
