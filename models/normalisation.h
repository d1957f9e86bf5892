// Normalisation between the layers of a backbone.
#pragma once

#include <cstdint>

#include <torch/nn/modules/container/sequential.h>

#include "common/options.h"

namespace autoencoder {

enum class Normalisation {
  kAuto,  ///< what the backbone finds fit for the picture
  kNone,
  kBatch,  ///< each channel over the whole batch (Ioffe & Szegedy 2015), also where that is divided
  kGroup,  ///< eight groups of channels, within each example (Wu & He 2018)
};

/// "auto", "none", "batch", "group".
Choices<Normalisation> normalisations();

/// Appends the layer that normalises N x channels x H x W; kNone appends nothing. kAuto must be decided
/// before.
void append_normalisation(torch::nn::Sequential& layers, Normalisation normalisation, int64_t channels);

/// Appends the layer that normalises each column of N x columns over the whole batch.
void append_batch_normalisation(torch::nn::Sequential& layers, int64_t columns);

}  // namespace autoencoder
