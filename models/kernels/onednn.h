// The matrix products of oneDNN. no_onednn.cpp stands in its place where the build has none.
#pragma once

#include <cstdint>
#include <string>

#include <c10/util/BFloat16.h>

namespace autoencoder {

bool has_onednn();  ///< whether it is installed

/// "2.6.3"; "" without one.
std::string onednn_version();

/// Whether this processor has instructions for products of bfloat16, and oneDNN may use them
/// (DNNL_MAX_CPU_ISA).
bool onednn_has_bfloat16();

/// A matrix: rows one behind the other, each `leading` numbers after the one before. Of a transposed one they
/// are the columns.
template <typename Number>
struct Factor {
  const Number* numbers;
  int64_t leading;
  bool is_transposed;
};

/// Of a product: M x K times K x N.
struct ProductSize {
  int64_t rows, inner, columns;  ///< M, K, N
};

/// output = a b + kept * output. The rows of the output lie as a factor's do. May run on several threads at
/// once; uses all of OpenMP's, outside of parallel regions. Throws Error where oneDNN refuses; there must be
/// one.
void onednn_product(const ProductSize& size, const Factor<float>& a, const Factor<float>& b, float kept,
                    float* output, int64_t leading);

/// Where a product of bfloat16 goes, and what is done to it on the way. Its rows lie as a factor's do.
struct Bfloat16Output {
  void* numbers;
  int64_t leading;
  bool is_float32;              ///< else bfloat16
  bool is_added = false;        ///< to what is there
  const float* bias = nullptr;  ///< a number that is added to each column, where there is one
  bool is_rectified = false;    ///< negative ones become 0
};

/// The product of bfloat16 factors, summed up in float32. Likewise for the rest.
void onednn_product(const ProductSize& size, const Factor<c10::BFloat16>& a, const Factor<c10::BFloat16>& b,
                    const Bfloat16Output& output);

}  // namespace autoencoder
