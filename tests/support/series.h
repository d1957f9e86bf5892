// Series that tell which they are.
#pragma once

#include <memory>
#include <vector>

#include <fmt/format.h>
#include <torch/types.h>

#include "data/series.h"

namespace autoencoder::testing {

/// Series of these lengths, called "series 0", "series 1" ...: column c of step t of series s is
/// 1000 s + 10 t + c.
inline std::shared_ptr<const SeriesSet> counting_series(const std::vector<int64_t>& lengths, int64_t width,
                                                        int64_t window, int64_t stride = 1) {
  auto set = std::make_shared<SeriesSet>();
  set->window = window;
  set->stride = stride;
  for (int64_t column = 0; column < width; ++column) {
    set->columns.push_back(fmt::format("column {}", column));
  }
  for (const int64_t length : lengths) {
    const int64_t number = std::ssize(set->series);
    const torch::Tensor steps =
        1000 * number + 10 * torch::arange(length).unsqueeze(1) + torch::arange(width);
    set->series.push_back({fmt::format("series {}", number), steps.to(torch::kFloat32), {}});
  }
  return set;
}

inline std::vector<int64_t> whole_numbers(const torch::Tensor& tensor) {
  const torch::Tensor numbers = tensor.to(torch::kInt64).flatten().contiguous();
  return {numbers.const_data_ptr<int64_t>(), numbers.const_data_ptr<int64_t>() + numbers.numel()};
}

}  // namespace autoencoder::testing
