#include "models/double_precision.h"

#include <torch/types.h>

namespace autoencoder {

// Module::to would take indices to double precision as well.
DoublePrecision::DoublePrecision(const Autoencoder& model) {
  for (const auto& tensors : {model.parameters(), model.buffers()}) {
    for (const torch::Tensor& tensor : tensors) {
      if (tensor.is_floating_point()) {
        originals_.emplace_back(tensor, tensor.detach());
        torch::Tensor(tensor).set_data(tensor.detach().to(torch::kFloat64));
      }
    }
  }
}

DoublePrecision::~DoublePrecision() {
  for (auto& [tensor, original] : originals_) {
    tensor.set_data(original);
  }
}

}  // namespace autoencoder
