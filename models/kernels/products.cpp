#include "models/kernels/products.h"

#include <cstdint>

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

template <typename Number>
Factor<Number> factor_of(const Tensor& matrix) {
  const bool is_transposed = !has_rows(matrix);
  return {matrix.const_data_ptr<Number>(), leading_of(is_transposed ? matrix.t() : matrix), is_transposed};
}

ProductSize size_of(const Tensor& a, const Tensor& b) { return {a.size(0), a.size(1), b.size(1)}; }

bool is_bfloat16(const Tensor& matrix) { return matrix.scalar_type() == torch::kBFloat16; }

bool goes_by_onednn(const Tensor& a, const Tensor& b) {
  if (!a.is_cpu() || a.numel() == 0 || b.numel() == 0) {
    return false;
  }
  return is_bfloat16(a) ? has_bfloat16_products()
                        : a.scalar_type() == torch::kFloat32 && blas() == Blas::kOneDnn;
}

// A type that such products may be put out in.
bool is_type_of_product(torch::ScalarType type, const Tensor& factor) {
  return type == factor.scalar_type() || (type == torch::kFloat32 && is_bfloat16(factor));
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
                  is_type_of_product(output.scalar_type(), a) && has_rows(output),
              "no place for a product of ", a.sizes(), " and ", b.sizes(), " in ", output.toString(), " ",
              output.sizes(), " of strides ", output.strides());
}

enum class Kept : std::uint8_t { kNothing, kOutput };

Bfloat16Output place_of(Tensor& output) {
  return {.numbers = output.mutable_data_ptr(),
          .leading = leading_of(output),
          .is_float32 = output.scalar_type() == torch::kFloat32};
}

void compute_bfloat16(const Tensor& a, const Tensor& b, const Bfloat16Output& output) {
  const Tensor left = as_factor(a);
  const Tensor right = as_factor(b);
  onednn_product(size_of(a, b), factor_of<c10::BFloat16>(left), factor_of<c10::BFloat16>(right), output);
}

// By oneDNN: output = a b, or a b + output.
void compute(const Tensor& a, const Tensor& b, Kept kept, Tensor& output) {
  if (is_bfloat16(a)) {
    Bfloat16Output place = place_of(output);
    place.is_added = kept == Kept::kOutput;
    compute_bfloat16(a, b, place);
    return;
  }
  const Tensor left = as_factor(a);
  const Tensor right = as_factor(b);
  onednn_product(size_of(a, b), factor_of<float>(left), factor_of<float>(right),
                 kept == Kept::kOutput ? 1 : 0, output.mutable_data_ptr<float>(), leading_of(output));
}

// Of bfloat16 matrices; LibTorch's own would be rounded to bfloat16.
Tensor widened_product(const Tensor& a, const Tensor& b) {
  return at::mm(a.to(torch::kFloat32), b.to(torch::kFloat32));
}

}  // namespace

Tensor product(const Tensor& a, const Tensor& b) {
  check_factors(a, b);
  const auto type = is_bfloat16(a) ? torch::kFloat32 : a.scalar_type();
  Tensor output = torch::empty({a.size(0), b.size(1)}, a.options().dtype(type));
  put_product(a, b, output);
  return output;
}

void put_product(const Tensor& a, const Tensor& b, Tensor& output) {
  if (output.dim() == 2 && !has_rows(output) && has_rows(output.t())) {
    Tensor transposed = output.t();
    put_product(b.t(), a.t(), transposed);
    return;
  }
  check_place(a, b, output);
  if (goes_by_onednn(a, b)) {
    compute(a, b, Kept::kNothing, output);
  } else if (is_bfloat16(a)) {
    output.copy_(widened_product(a, b));
  } else {
    at::mm_out(output, a, b);
  }
}

void add_product(const Tensor& a, const Tensor& b, Tensor& output) {
  check_place(a, b, output);
  if (goes_by_onednn(a, b)) {
    compute(a, b, Kept::kOutput, output);
  } else if (is_bfloat16(a)) {
    output.add_(widened_product(a, b));
  } else {
    output.addmm_(a, b);
  }
}

Tensor product_plus(const Tensor& bias, const Tensor& a, const Tensor& b) {
  Tensor output = bias.expand({a.size(0), b.size(1)}).clone(torch::MemoryFormat::Contiguous);
  add_product(a, b, output);
  return output;
}

void put_layer(const Tensor& bias, const Tensor& a, const Tensor& b, bool is_rectified, Tensor& output) {
  check_place(a, b, output);
  if (is_bfloat16(a) && goes_by_onednn(a, b)) {
    const Tensor added = bias.contiguous();
    Bfloat16Output place = place_of(output);
    place.bias = added.const_data_ptr<float>();
    place.is_rectified = is_rectified;
    compute_bfloat16(a, b, place);
    return;
  }
  if (is_bfloat16(a)) {
    output.copy_(widened_product(a, b).add_(bias));
  } else {
    output.copy_(bias);
    add_product(a, b, output);
  }
  if (is_rectified) {
    output.relu_();
  }
}

}  // namespace autoencoder
