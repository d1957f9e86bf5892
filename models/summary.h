// A model in a table: layers, shapes, parameters.
#pragma once

#include <cstdint>
#include <string>

#include "models/autoencoder.h"

namespace autoencoder {

int64_t parameter_count(const torch::nn::Module& module);

/// Numbers that the layers put out for one example, input included: what a step of training keeps.
int64_t activation_count(Autoencoder& model);

/// One line a layer, with the shape of its output for one example. The model is left as it was.
std::string summarise(Autoencoder& model);

}  // namespace autoencoder
