#include "models/kernels/onednn.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {
namespace {

// LibTorch has an oneDNN of another version inside, whose internals would take the place of this one's
// wherever LibTorch comes first among a program's libraries: it is loaded so that it finds its own before all
// others.
constexpr int kOwnFirst = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;

struct OneDnn {
  decltype(&dnnl_version) version = nullptr;
  decltype(&dnnl_sgemm) sgemm = nullptr;
};

// Without functions where it is not installed.
const OneDnn& onednn() {
  static const OneDnn kLoaded = [] {
    void* library = dlopen(fmt::format("libdnnl.so.{}", DNNL_VERSION_MAJOR).c_str(), kOwnFirst);
    if (library == nullptr) {
      return OneDnn();
    }
    return OneDnn{reinterpret_cast<decltype(&dnnl_version)>(dlsym(library, "dnnl_version")),
                  reinterpret_cast<decltype(&dnnl_sgemm)>(dlsym(library, "dnnl_sgemm"))};
  }();
  return kLoaded;
}

}  // namespace

bool has_onednn() { return onednn().sgemm != nullptr; }

std::string onednn_version() {
  if (!has_onednn()) {
    return "";
  }
  const dnnl_version_t* version = onednn().version();
  return fmt::format("{}.{}.{}", version->major, version->minor, version->patch);
}

void onednn_product(const ProductSize& size, const Factor& a, const Factor& b, float kept, float* output,
                    int64_t leading) {
  const auto letter = [](const Factor& factor) { return factor.is_transposed ? 'T' : 'N'; };
  const dnnl_status_t status =
      onednn().sgemm(letter(a), letter(b), size.rows, size.columns, size.inner, /*alpha=*/1, a.numbers,
                     a.leading, b.numbers, b.leading, kept, output, leading);
  if (status != dnnl_success) {
    throw Error(fmt::format(
        "oneDNN {} cannot compute a product of {} x {} and {} x {} (status {}); set "
        "AUTOENCODER_BLAS=mkl",
        onednn_version(), size.rows, size.inner, size.inner, size.columns, static_cast<int>(status)));
  }
}

}  // namespace autoencoder
