// What needs oneDNN's headers. Its library is linked before LibTorch, which has another one inside.
#include "models/kernels/onednn.h"

#include <oneapi/dnnl/dnnl.h>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {

bool has_onednn() { return true; }

std::string onednn_version() {
  const dnnl_version_t* version = dnnl_version();
  return fmt::format("{}.{}.{}", version->major, version->minor, version->patch);
}

void onednn_product(const ProductSize& size, const Factor& a, const Factor& b, float kept, float* output,
                    int64_t leading) {
  const auto letter = [](const Factor& factor) { return factor.is_transposed ? 'T' : 'N'; };
  const dnnl_status_t status =
      dnnl_sgemm(letter(a), letter(b), size.rows, size.columns, size.inner, /*alpha=*/1, a.numbers, a.leading,
                 b.numbers, b.leading, kept, output, leading);
  if (status != dnnl_success) {
    throw Error(fmt::format(
        "oneDNN {} cannot compute a product of {} x {} and {} x {} (status {}); set "
        "AUTOENCODER_BLAS=mkl",
        onednn_version(), size.rows, size.inner, size.inner, size.columns, static_cast<int>(status)));
  }
}

}  // namespace autoencoder
