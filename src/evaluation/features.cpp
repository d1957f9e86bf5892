#include "evaluation/features.h"

#include <torch/torch.h>

#include "evaluation/evaluate.h"

namespace autoencoder {

torch::Tensor all_features(Autoencoder& model, const Dataset& data) {
  return for_all_examples(model, data, [&](const torch::Tensor& input) {
    return model.features(input).flatten(1).to(torch::kFloat32);
  });
}

torch::Tensor all_pixels(const Dataset& data) { return to_unit_range(data.images).flatten(1).cpu(); }

}  // namespace autoencoder
