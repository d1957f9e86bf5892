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

/// Which examples are of the classes with these names: N, bool. Throws Error, naming `option`, on a name that
/// is none of them.
torch::Tensor are_named(const Classes& classes, const std::vector<std::string>& names,
                        const std::string& option);

}  // namespace autoencoder
