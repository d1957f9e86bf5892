#include "models/kernels/blas.h"

#include <cstdlib>

#include <ATen/Context.h>
#include <fmt/format.h>

#include "common/error.h"
#include "models/kernels/onednn.h"

namespace autoencoder {
namespace {

constexpr const char* kVariable = "AUTOENCODER_BLAS";

bool is_amd() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_is("amd") != 0;
#else
  return false;
#endif
}

std::string wanted_blas() {
  const char* value = std::getenv(kVariable);
  return value != nullptr ? value : "";
}

}  // namespace

Blas choose_blas(const BlasCircumstances& circumstances) {
  const auto& [has_onednn, is_amd, wanted] = circumstances;
  if (wanted.empty()) {
    return has_onednn && is_amd ? Blas::kOneDnn : Blas::kLibTorch;
  }
  if (wanted != "onednn" && wanted != "mkl") {
    throw Error(fmt::format("{} is {}; it is onednn or mkl, or not set", kVariable, wanted));
  }
  if (wanted == "onednn" && !has_onednn) {
    throw Error(fmt::format(
        "{} is onednn, but this program was built without it, or it is not installed here; install "
        "libdnnl-dev and build anew, or leave the variable away",
        kVariable));
  }
  return wanted == "onednn" ? Blas::kOneDnn : Blas::kLibTorch;
}

Blas blas() {
  static const Blas chosen =
      choose_blas({.has_onednn = has_onednn(), .is_amd = is_amd(), .wanted = wanted_blas()});
  return chosen;
}

std::string blas_name() {
  if (blas() == Blas::kOneDnn) {
    return "oneDNN " + onednn_version();
  }
  return at::hasMKL() ? "MKL" : "LibTorch's";
}

}  // namespace autoencoder
