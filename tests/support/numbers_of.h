// A tensor's numbers, to compare with those that are expected.
#pragma once

#include <vector>

#include <torch/types.h>

namespace autoencoder::testing {

/// All of them, row by row. The tensor is of that type.
template <typename Number>
std::vector<Number> numbers_of(const torch::Tensor& tensor) {
  const torch::Tensor all = tensor.contiguous();
  return {all.const_data_ptr<Number>(), all.const_data_ptr<Number>() + all.numel()};
}

}  // namespace autoencoder::testing
