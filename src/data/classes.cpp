#include "data/classes.h"

#include <torch/torch.h>

namespace autoencoder {

Classes number_classes(const torch::Tensor& labels, const std::vector<std::string>& label_names) {
  const auto [different, numbers] = at::_unique(labels, /*sorted=*/true, /*return_inverse=*/true);
  Classes classes = {numbers, {}};
  for (int64_t i = 0; i < different.size(0); ++i) {
    const int64_t label = different[i].item<int64_t>();
    const bool is_named = label >= 0 && label < static_cast<int64_t>(label_names.size());
    classes.names.push_back(is_named ? label_names[static_cast<size_t>(label)] : std::to_string(label));
  }
  return classes;
}

}  // namespace autoencoder
