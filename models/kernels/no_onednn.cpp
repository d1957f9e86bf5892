#include <c10/util/Exception.h>

#include "models/kernels/onednn.h"

namespace autoencoder {

bool has_onednn() { return false; }

std::string onednn_version() { return ""; }

void onednn_product(const ProductSize& /*size*/, const Factor& /*a*/, const Factor& /*b*/, float /*kept*/,
                    float* /*output*/, int64_t /*leading*/) {
  TORCH_CHECK(false, "a build without oneDNN");
}

}  // namespace autoencoder
