// How much a trained model is given at a time.
#pragma once

#include <cstdint>

namespace autoencoder {

/// No more than a batch of training has, so that what comes after it takes no more memory than it did: of a
/// thousand a transformer's layers take a gigabyte, and are no faster.
inline constexpr int64_t kExamplesAtOnce = 64;

}  // namespace autoencoder
