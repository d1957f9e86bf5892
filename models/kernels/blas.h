// The library that computes matrix products on the CPU (BLAS): known here, in onednn.h and in products.h, and
// nowhere else.
#pragma once

#include <cstdint>
#include <string>

namespace autoencoder {

enum class Blas : std::uint8_t {
  kLibTorch,  ///< what LibTorch was built with: MKL, mostly
  kOneDnn,  ///< a oneDNN of this program's own: LibTorch's is hidden, and not safe on several threads at once
};

/// What chooses: nothing that is measured, so that a machine always gives the same bits.
struct BlasCircumstances {
  bool has_onednn;     ///< this build, and this machine
  bool is_amd;         ///< the processor: MKL keeps to half of what one of AMD's can do, or less
  std::string wanted;  ///< "" where nobody asks, else "onednn" or "mkl"
};

/// Throws Error where `wanted` is no library, or one that is not there.
Blas choose_blas(const BlasCircumstances& circumstances);

/// That of this process, chosen in the first call: by the environment variable AUTOENCODER_BLAS (onednn or
/// mkl), else by the processor. Throws Error as choose_blas.
Blas blas();

/// "oneDNN 2.6.3", "MKL". Throws Error as choose_blas.
std::string blas_name();

}  // namespace autoencoder
