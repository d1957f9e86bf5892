// Which model a compressed file belongs to.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "models/autoencoder.h"

namespace autoencoder {

/// The first half of a SHA-256.
using ModelDigest = std::array<uint8_t, 16>;

/// Of the names, shapes and values of the model's parameters and buffers: equal for models that decode alike.
/// The model may lie on any device, but must have the precision that it was saved in.
ModelDigest digest_of(const Autoencoder& model);

/// "4be1c0...", 32 digits.
std::string digest_text(const ModelDigest& digest);

}  // namespace autoencoder
