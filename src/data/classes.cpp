#include "data/classes.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"

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

torch::Tensor are_named(const Classes& classes, const std::vector<std::string>& names,
                        const std::string& option) {
  torch::Tensor is_named = torch::zeros({static_cast<int64_t>(classes.names.size())}, torch::kBool);
  for (const std::string& name : names) {
    const auto found = std::find(classes.names.begin(), classes.names.end(), name);
    if (found == classes.names.end()) {
      throw Error(fmt::format("{} names the label {}, which is not there; there are {}", option, name,
                              join(classes.names)));
    }
    is_named[std::distance(classes.names.begin(), found)] = true;
  }
  return is_named.index_select(0, classes.numbers);
}

}  // namespace autoencoder
