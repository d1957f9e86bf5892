#include "evaluation/features.h"

#include <vector>

#include <torch/torch.h>

#include "evaluation/evaluate.h"

namespace autoencoder {

torch::Tensor all_features(Autoencoder& model, const Dataset& data) {
  std::vector<torch::Tensor> features;
  for_each_batch(model, data, [&](const Batch& batch) {
    features.push_back(model.features(batch.input).flatten(1).to(torch::kCPU, torch::kFloat32));
  });
  return torch::cat(features);
}

torch::Tensor all_pixels(const Dataset& data) { return to_unit_range(data.images).flatten(1).cpu(); }

}  // namespace autoencoder
