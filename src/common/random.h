// One seed, many generators: each purpose draws from its own, so that a change in one leaves the others
// alone.
#pragma once

#include <cstdint>
#include <string_view>

#include <ATen/core/Generator.h>
#include <c10/core/Device.h>

namespace autoencoder {

/// The seed of `purpose` ("weights", "split", "order", ...) under the user's seed; `index` tells apart its
/// epochs.
uint64_t derive_seed(uint64_t seed, std::string_view purpose, uint64_t index = 0);

/// A generator of its own on `device`, shared with nobody.
at::Generator make_generator(uint64_t seed, const c10::Device& device = c10::Device(c10::kCPU));

}  // namespace autoencoder
