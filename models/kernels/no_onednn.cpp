#include <c10/util/Exception.h>

#include "models/kernels/onednn.h"

namespace autoencoder {

bool has_onednn() { return false; }

std::string onednn_version() { return ""; }

bool onednn_has_bfloat16() { return false; }

void onednn_product(const ProductSize& /*size*/, const Factor<float>& /*a*/, const Factor<float>& /*b*/,
                    float /*kept*/, float* /*output*/, int64_t /*leading*/) {
  TORCH_CHECK(false, "a build without oneDNN");
}

void onednn_product(const ProductSize& /*size*/, const Factor<c10::BFloat16>& /*a*/,
                    const Factor<c10::BFloat16>& /*b*/, const Bfloat16Output& /*output*/) {
  TORCH_CHECK(false, "a build without oneDNN");
}

}  // namespace autoencoder
