// Labels as classes counted from 0.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

struct Classes {
  torch::Tensor numbers;           ///< N, int64, 0 to names.size() - 1
  std::vector<std::string> names;  ///< in the order of the labels
};

/// labels: N whole numbers, any. A class is called by its label's name, or by the label where it has none.
Classes number_classes(const torch::Tensor& labels, const std::vector<std::string>& label_names);

}  // namespace autoencoder
