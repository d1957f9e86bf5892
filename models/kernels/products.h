// Products of matrices, by the library that is the fastest for them on this machine: what nearly all of a
// training step's time goes into.
#pragma once

#include <torch/types.h>

namespace autoencoder {

/// Products of a (M x K) and b (K x N), of one type and on one device. On the CPU those of float32 and, with
/// has_bfloat16_products(), of bfloat16 are by blas.h, which takes either factor as it lies, or transposed by
/// t(), without a copy; all others are LibTorch's. They may be computed on several threads at once, but for
/// LibTorch's of bfloat16, and have no gradient. Of bfloat16 matrices they are summed up in float32, and come
/// so.
torch::Tensor product(const torch::Tensor& a, const torch::Tensor& b);

/// The product in the place of `output`, M x N, of which each row or each column lies in one piece. Of
/// bfloat16 matrices it may be of either type.
void put_product(const torch::Tensor& a, const torch::Tensor& b, torch::Tensor& output);

/// The product added to an output of which each row lies in one piece.
void add_product(const torch::Tensor& a, const torch::Tensor& b, torch::Tensor& output);

/// a b + bias, N numbers that are added to each row; of their type.
torch::Tensor product_plus(const torch::Tensor& bias, const torch::Tensor& a, const torch::Tensor& b);

/// a b + bias in the place of `output`, as put_product; negative numbers become 0 where that `is_rectified`.
/// All of it is one pass of bfloat16 matrices, where has_bfloat16_products.
void put_layer(const torch::Tensor& bias, const torch::Tensor& a, const torch::Tensor& b, bool is_rectified,
               torch::Tensor& output);

}  // namespace autoencoder
