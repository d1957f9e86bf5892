// Points in three classes that other programs can make as well, to compare answers.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

namespace autoencoder::testing {

/// 60 points to learn from and 40 to be tested on, in four dimensions, float64. In NumPy:
///   x = np.arange(1, 101)[:, None] * np.sqrt([2, 3, 5, 7]) % 1
///   y = (x[:, 0] + x[:, 1] > 1).astype(int) + (x[:, 2] > 0.7)
///   tr, te = slice(0, 60), slice(60, 100)
struct ScatteredPoints {
  torch::Tensor train;
  torch::Tensor test;
  torch::Tensor train_labels;
  torch::Tensor test_labels;
};

inline ScatteredPoints scattered_points() {
  const torch::Tensor factors = torch::tensor({2.0, 3.0, 5.0, 7.0}, torch::kFloat64).sqrt();
  const torch::Tensor points = (torch::arange(1, 101, torch::kFloat64).unsqueeze(1) * factors).remainder(1);
  const torch::Tensor labels = (points.select(1, 0) + points.select(1, 1) > 1).to(torch::kInt64) +
                               (points.select(1, 2) > 0.7).to(torch::kInt64);
  return {points.narrow(0, 0, 60), points.narrow(0, 60, 40), labels.narrow(0, 0, 60),
          labels.narrow(0, 60, 40)};
}

/// "012" -> 0, 1, 2
inline torch::Tensor digits_of(const std::string& text) {
  std::vector<int64_t> digits;
  for (const char letter : text) {
    digits.push_back(letter - '0');
  }
  return torch::tensor(digits);
}

}  // namespace autoencoder::testing
