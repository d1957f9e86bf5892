// From a model's method, traced, to a graph of operators.
#pragma once

#include <string>

#include "export/operator_graph.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// input -> "code".
OperatorGraph encoder_graph(Autoencoder& model);

/// code -> "reconstruction".
OperatorGraph decoder_graph(Autoencoder& model);

/// input -> "reconstruction" and "code".
OperatorGraph whole_graph(Autoencoder& model);

// All throw Error where the model computes something that has no operator here, naming it. The model must be
// in evaluation mode.

}  // namespace autoencoder
