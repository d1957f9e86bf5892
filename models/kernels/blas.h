// The library that computes matrix products on the CPU (BLAS): known here, in onednn.h and in products.h, and
// nowhere else. On Intel's processors MKL is told at the program's start to give the same bits wherever a
// matrix lies in memory (MKL_CBWR, where it is not set).
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

/// Whether products of bfloat16 are oneDNN's where the processor has instructions for them, whoever made it.
bool takes_bfloat16(const BlasCircumstances& circumstances);

/// That of this process, chosen in the first call: by the environment variable AUTOENCODER_BLAS (onednn or
/// mkl), else by the processor. Throws Error as choose_blas.
Blas blas();

/// Whether this machine has products of bfloat16 that are faster than those of float32, and safe on several
/// threads at once: oneDNN's, by the processor's own instructions. Throws Error as blas().
bool has_bfloat16_products();

/// "oneDNN 2.6.3", "MKL, oneDNN 2.6.3 for bf16", "MKL". Throws Error as choose_blas.
std::string blas_name();

}  // namespace autoencoder
