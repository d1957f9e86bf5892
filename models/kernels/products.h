// Products of matrices, by the library that is the fastest for them on this machine: what nearly all of a
// training step's time goes into.
#pragma once

#include <torch/types.h>

namespace autoencoder {

/// Products of a (M x K) and b (K x N), of one type and on one device. In float32 on the CPU they are those
/// of blas.h, which takes either factor as it lies, or transposed by t(), without a copy; all others are
/// LibTorch's. They may be computed on several threads at once, and have no gradient.
torch::Tensor product(const torch::Tensor& a, const torch::Tensor& b);

/// The product in the place of `output`, M x N, of which each row lies in one piece.
void put_product(const torch::Tensor& a, const torch::Tensor& b, torch::Tensor& output);

/// The product added to such an output.
void add_product(const torch::Tensor& a, const torch::Tensor& b, torch::Tensor& output);

/// a b + bias, N numbers that are added to each row.
torch::Tensor product_plus(const torch::Tensor& bias, const torch::Tensor& a, const torch::Tensor& b);

}  // namespace autoencoder
