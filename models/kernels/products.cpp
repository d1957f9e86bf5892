#include "models/kernels/products.h"

#include <ATen/ops/mm.h>
#include <torch/csrc/autograd/grad_mode.h>

#include "models/kernels/blas.h"
#include "models/kernels/onednn.h"

namespace autoencoder {
namespace {

using torch::Tensor;

// Of a dimension of one, no stride says anything.
bool has_rows(const Tensor& matrix) {
  return (matrix.size(1) == 1 || matrix.stride(1) == 1) &&
         (matrix.size(0) == 1 || matrix.stride(0) >= matrix.size(1));
}

int64_t leading_of(const Tensor& matrix) { return matrix.size(0) == 1 ? matrix.size(1) : matrix.stride(0); }

// The matrix, or a copy of it that has rows or columns in one piece.
Tensor as_factor(const Tensor& matrix) {
  return has_rows(matrix) || has_rows(matrix.t()) ? matrix : matrix.contiguous();
}

Factor factor_of(const Tensor& matrix) {
  const bool is_transposed = !has_rows(matrix);
  return {matrix.const_data_ptr<float>(), leading_of(is_transposed ? matrix.t() : matrix), is_transposed};
}

bool goes_by_onednn(const Tensor& a, const Tensor& b) {
  return a.is_cpu() && a.scalar_type() == torch::kFloat32 && a.numel() > 0 && b.numel() > 0 &&
         blas() == Blas::kOneDnn;
}

void check_factors(const Tensor& a, const Tensor& b) {
  TORCH_CHECK(a.dim() == 2 && b.dim() == 2 && a.size(1) == b.size(0) && a.scalar_type() == b.scalar_type() &&
                  a.device() == b.device(),
              "no product of ", a.toString(), " ", a.sizes(), " and ", b.toString(), " ", b.sizes());
  TORCH_CHECK(!torch::GradMode::is_enabled() || !(a.requires_grad() || b.requires_grad()),
              "products.h has no gradients");
}

void check_place(const Tensor& a, const Tensor& b, const Tensor& output) {
  check_factors(a, b);
  TORCH_CHECK(output.dim() == 2 && output.size(0) == a.size(0) && output.size(1) == b.size(1) &&
                  output.scalar_type() == a.scalar_type() && has_rows(output),
              "no place for a product of ", a.sizes(), " and ", b.sizes(), " in ", output.toString(), " ",
              output.sizes(), " of strides ", output.strides());
}

// output = a b + kept * output
void compute(const Tensor& a, const Tensor& b, float kept, Tensor& output) {
  const Tensor left = as_factor(a);
  const Tensor right = as_factor(b);
  onednn_product({a.size(0), a.size(1), b.size(1)}, factor_of(left), factor_of(right), kept,
                 output.mutable_data_ptr<float>(), leading_of(output));
}

}  // namespace

Tensor product(const Tensor& a, const Tensor& b) {
  check_factors(a, b);
  Tensor output = torch::empty({a.size(0), b.size(1)}, a.options());
  put_product(a, b, output);
  return output;
}

void put_product(const Tensor& a, const Tensor& b, Tensor& output) {
  check_place(a, b, output);
  if (goes_by_onednn(a, b)) {
    compute(a, b, /*kept=*/0, output);
  } else {
    at::mm_out(output, a, b);
  }
}

void add_product(const Tensor& a, const Tensor& b, Tensor& output) {
  check_place(a, b, output);
  if (goes_by_onednn(a, b)) {
    compute(a, b, /*kept=*/1, output);
  } else {
    output.addmm_(a, b);
  }
}

Tensor product_plus(const Tensor& bias, const Tensor& a, const Tensor& b) {
  Tensor output = bias.expand({a.size(0), b.size(1)}).clone(torch::MemoryFormat::Contiguous);
  add_product(a, b, output);
  return output;
}

}  // namespace autoencoder
