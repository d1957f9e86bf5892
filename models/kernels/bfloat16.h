// Products in bfloat16 on the CPU: the fused layers' factors have half the bits, their sums, weights and
// everything else keep float32 (Kalamkar et al. 2019, A study of bfloat16 for deep learning training).
#pragma once

#include <unordered_map>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

/// Copies of weights in bfloat16. Any threads may ask at the same time, but not beside refresh.
class Bfloat16Weights {
 public:
  /// Copies matrices and kernels among `parameters` (float32 on the CPU) as they are now, on all threads.
  void refresh(const std::vector<torch::Tensor>& parameters);

  /// The copy; a new one of a weight that is none of those.
  torch::Tensor of(const torch::Tensor& weight) const;

 private:
  std::unordered_map<const c10::TensorImpl*, torch::Tensor> copies_;
};

/// While it lives the fused layers (fused_layers.h) of this thread compute their products in bfloat16, of
/// these weights; with a null pointer nothing happens.
class Bfloat16Products {
 public:
  explicit Bfloat16Products(const Bfloat16Weights* weights);
  ~Bfloat16Products();
  Bfloat16Products(const Bfloat16Products&) = delete;
  Bfloat16Products& operator=(const Bfloat16Products&) = delete;

  /// Whether this thread has one.
  static bool are_on();

  /// What the fused layers multiply: bfloat16 where they are on, else the tensor itself.
  static torch::Tensor factor(const torch::Tensor& input);
  static torch::Tensor weight(const torch::Tensor& weight);

 private:
  const Bfloat16Weights* outer_;
};

}  // namespace autoencoder
