#include "models/kernels/blas.h"

#include <cstdlib>

#include <ATen/Context.h>
#include <fmt/format.h>

#include "common/error.h"
#include "models/kernels/onednn.h"

namespace autoencoder {
namespace {

constexpr const char* kVariable = "AUTOENCODER_BLAS";

struct Maker {
  bool is_amd = false;
  bool is_intel = false;
};

Maker maker_of_processor() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return {.is_amd = __builtin_cpu_is("amd") != 0, .is_intel = __builtin_cpu_is("intel") != 0};
#else
  return {};
#endif
}

// On Intel's processors MKL adds up in an order that follows from where in memory a matrix lies, unless it is
// told before its first product to give the same bits wherever that is. (On others it would compute more
// slowly for that.)
bool keep_bits_of_mkl() {
  constexpr int kUnlessSet = 0;
  return !maker_of_processor().is_intel || setenv("MKL_CBWR", "AUTO,STRICT", kUnlessSet) == 0;
}

[[maybe_unused]] const bool bits_are_kept = keep_bits_of_mkl();

std::string wanted_blas() {
  const char* value = std::getenv(kVariable);
  return value != nullptr ? value : "";
}

BlasCircumstances circumstances_here() {
  return {.has_onednn = has_onednn(), .is_amd = maker_of_processor().is_amd, .wanted = wanted_blas()};
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

bool takes_bfloat16(const BlasCircumstances& circumstances) {
  return circumstances.has_onednn && circumstances.wanted != "mkl";
}

Blas blas() {
  static const Blas chosen = choose_blas(circumstances_here());
  return chosen;
}

bool has_bfloat16_products() {
  static const bool has = takes_bfloat16(circumstances_here()) && onednn_has_bfloat16();
  return has;
}

std::string blas_name() {
  if (blas() == Blas::kOneDnn) {
    return "oneDNN " + onednn_version();
  }
  const std::string name = at::hasMKL() ? "MKL" : "LibTorch's";
  return has_bfloat16_products() ? fmt::format("{}, oneDNN {} for bf16", name, onednn_version()) : name;
}

}  // namespace autoencoder
