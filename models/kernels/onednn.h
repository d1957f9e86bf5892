// The matrix product of oneDNN. no_onednn.cpp stands in its place where the build has none.
#pragma once

#include <cstdint>
#include <string>

namespace autoencoder {

bool has_onednn();  ///< whether it is installed

/// "2.6.3"; "" without one.
std::string onednn_version();

/// A matrix of float32: rows one behind the other, each `leading` numbers after the one before. Of a
/// transposed one they are the columns.
struct Factor {
  const float* numbers;
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
void onednn_product(const ProductSize& size, const Factor& a, const Factor& b, float kept, float* output,
                    int64_t leading);

}  // namespace autoencoder
